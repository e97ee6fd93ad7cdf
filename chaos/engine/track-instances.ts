import type { Environment, Runtime } from '#chaos/contracts/runtime.ts'

export interface TrackedRuntime {
  readonly runtime: Runtime
  /** What the instance was last started with. */
  readonly environmentOf: (instance: string) => Environment
}

/** The same runtime, and a memory of what each instance was started with. */
export function trackEnvironment(original: Runtime): TrackedRuntime {
  const environments = new Map<string, Environment>()
  const start: Runtime['start'] = async (name, order) => {
    if (order.environment !== undefined) environments.set(name, order.environment)
    await original.start(name, order)
  }
  const runtime = new Proxy(original, {
    get: (target, key) => {
      if (key === 'start') return start
      const value: unknown = Reflect.get(target, key)
      // Bound to the original: a runtime may be a class with private fields, which a proxy does not have.
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  return { runtime, environmentOf: (instance) => environments.get(instance) ?? {} }
}
