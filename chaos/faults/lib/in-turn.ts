import type { Runtime } from '#chaos/contracts/runtime.ts'

const lastOf = new WeakMap<object, Map<string, Promise<unknown>>>()

/**
 * Runs the tasks of one instance one after the other, in the order in which they came. A deploy that comes while the one
 * before still starts the instance waits for it; it does not stop the half-started instance.
 */
export async function inTurn<T>(
  runtime: Pick<Runtime, 'start'>,
  instance: string,
  act: () => Promise<T>,
): Promise<T> {
  const last = lastOf.get(runtime) ?? new Map<string, Promise<unknown>>()
  lastOf.set(runtime, last)
  const before = last.get(instance) ?? Promise.resolve()
  const mine = before.then(act, act)
  last.set(instance, mine)
  return await mine
}
