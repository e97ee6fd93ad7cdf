import type { Environment, Runtime } from '#chaos/contracts/runtime.ts'

/** A runtime that remembers what it was asked to do with each instance. */
export interface TrackedInstances {
  readonly runtime: Runtime
  /** The environment with which the instance was last started. */
  readonly environmentOf: (instance: string) => Environment
  /** Whether the instance was told to stop and still drains. */
  readonly isStopping: (instance: string) => boolean
  /** The instances that are starting or stopping. */
  readonly changing: () => readonly string[]
}

/** Wraps the runtime: `start` and `stop` are remembered, everything else is passed on. */
export function trackInstances(original: Runtime): TrackedInstances {
  const environments = new Map<string, Environment>()
  const starting = createCounts()
  const stopping = createCounts()
  const tracked: Pick<Runtime, 'start' | 'stop'> = {
    start: async (name, request) => {
      if (request.environment !== undefined) environments.set(name, request.environment)
      await starting.during(name, () => original.start(name, request))
    },
    stop: async (name, request) => {
      await stopping.during(name, () => original.stop(name, request))
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
    isStopping: (instance) => stopping.names().includes(instance),
    changing: () => [...new Set([...starting.names(), ...stopping.names()])],
  }
}

/** Counts the calls that run now, by name. */
function createCounts() {
  const counts = new Map<string, number>()
  const add = (name: string, change: 1 | -1): void => {
    const count = (counts.get(name) ?? 0) + change
    if (count === 0) counts.delete(name)
    else counts.set(name, count)
  }
  return {
    names: (): readonly string[] => [...counts.keys()],
    during: async (name: string, work: () => Promise<void>): Promise<void> => {
      add(name, 1)
      try {
        await work()
      } finally {
        add(name, -1)
      }
    },
  }
}
