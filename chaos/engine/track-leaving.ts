import type { Runtime } from '#chaos/contracts/runtime.ts'

export interface LeavingRuntime {
  readonly runtime: Runtime
  /** Whether the instance was told to stop and has not gone yet. */
  readonly isLeaving: (instance: string) => boolean
}

/** The same runtime, and a memory of who was told to stop and is still draining. */
export function trackLeaving(original: Runtime): LeavingRuntime {
  const leaving = new Map<string, number>()
  const change = (name: string, by: number): void => {
    leaving.set(name, (leaving.get(name) ?? 0) + by)
  }
  const stop: Runtime['stop'] = async (name, order) => {
    change(name, 1)
    try {
      await original.stop(name, order)
    } finally {
      change(name, -1)
    }
  }
  const runtime = new Proxy(original, {
    get: (target, key) => {
      if (key === 'stop') return stop
      const value: unknown = Reflect.get(target, key)
      // Bound to the original: a runtime may be a class with private fields, which a proxy does not have.
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  return { runtime, isLeaving: (instance) => (leaving.get(instance) ?? 0) > 0 }
}
