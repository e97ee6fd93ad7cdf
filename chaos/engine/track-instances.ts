import type { Environment, Runtime } from '#chaos/contracts/runtime.ts'

/** A runtime that remembers what it was asked to do with each instance. */
export interface TrackedInstances {
  readonly runtime: Runtime
  /** The environment with which the instance was last started. */
  readonly environmentOf: (instance: string) => Environment
  /**
   * The environments that the instance may run with now or at its next start: of its last start that succeeded, and of every
   * later attempt. Undefined: it was not started with an environment yet.
   */
  readonly mayRun: (instance: string) => readonly Environment[] | undefined
  /** Whether the instance was told to stop and still drains. */
  readonly isStopping: (instance: string) => boolean
  /** The instances that are starting or stopping. */
  readonly changing: () => readonly string[]
}

/** Wraps the runtime: `start` and `stop` are remembered, everything else is passed on. */
export function trackInstances(original: Runtime): TrackedInstances {
  const environments = new Map<string, Environment>()
  const attempts = new Map<string, readonly { readonly environment: Environment }[]>()
  const starting = createCounts()
  const stopping = createCounts()
  const tracked: Pick<Runtime, 'start' | 'stop'> = {
    start: async (name, request) => {
      const { environment } = request
      if (environment === undefined)
        return await starting.during(name, () => original.start(name, request))
      const attempt = { environment }
      environments.set(name, environment)
      attempts.set(name, [...(attempts.get(name) ?? []), attempt])
      await starting.during(name, () => original.start(name, request))
      const all = attempts.get(name) ?? []
      // Negative: a later attempt has succeeded before.
      attempts.set(name, all.slice(Math.max(0, all.indexOf(attempt))))
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
    mayRun: (instance) => attempts.get(instance)?.map(({ environment }) => environment),
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
