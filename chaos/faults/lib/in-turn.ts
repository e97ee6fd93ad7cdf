import type { Runtime } from '#chaos/contracts/runtime.ts'

const lastOf = new WeakMap<object, Map<string, Promise<unknown>>>()

/**
 * Acts on one instance one after the other, in the order in which they came: a deploy that comes while the one before is
 * still starting waits for it, instead of ending what it has begun.
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
