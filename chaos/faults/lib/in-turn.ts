import type { Runtime } from '#chaos/contracts/runtime.ts'
import { createNamedQueues } from '#chaos/lib/named-queues.ts'
import type { NamedQueues } from '#chaos/lib/named-queues.ts'

const queuesOf = new WeakMap<object, NamedQueues>()

/**
 * Runs tasks on one instance one after the other, in the order of the calls. A second deploy waits until the first one has
 * started the instance; without the queue it would stop the instance in the middle of that start.
 */
export async function inTurn<T>(
  runtime: Pick<Runtime, 'start'>,
  instance: string,
  task: () => Promise<T>,
): Promise<T> {
  const enqueue = queuesOf.get(runtime) ?? createNamedQueues()
  queuesOf.set(runtime, enqueue)
  return await enqueue(instance, task)
}
