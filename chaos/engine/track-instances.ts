import type { Environment, Runtime } from '#chaos/contracts/runtime.ts'

/** A runtime that remembers what it was asked to do with each instance. */
export interface TrackedInstances {
  readonly runtime: Runtime
  /** The environment with which the instance was last started. */
  readonly environmentOf: (instance: string) => Environment
  /** Whether the instance was told to stop and still drains. */
  readonly isStopping: (instance: string) => boolean
}

/** Wraps the runtime: `start` and `stop` are remembered, everything else is passed on. */
export function trackInstances(original: Runtime): TrackedInstances {
  const environments = new Map<string, Environment>()
  const stopping = new Map<string, number>()
  const addStopping = (name: string, change: 1 | -1): void => {
    stopping.set(name, (stopping.get(name) ?? 0) + change)
  }
  const tracked: Pick<Runtime, 'start' | 'stop'> = {
    start: async (name, request) => {
      if (request.environment !== undefined) environments.set(name, request.environment)
      await original.start(name, request)
    },
    stop: async (name, request) => {
      addStopping(name, 1)
      try {
        await original.stop(name, request)
      } finally {
        addStopping(name, -1)
      }
    },
  }
  const runtime = new Proxy(original, {
    get: (target, key) => {
      if (key === 'start' || key === 'stop') return tracked[key]
      const value: unknown = Reflect.get(target, key)
      // Bound to the original: a runtime may be a class with private fields, which a proxy does not have.
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  return {
    runtime,
    environmentOf: (instance) => environments.get(instance) ?? {},
    isStopping: (instance) => (stopping.get(instance) ?? 0) > 0,
  }
}
