import pLimit from 'p-limit'
import type { LimitFunction } from 'p-limit'

/**
 * Runs tasks of the same name one after the other, in the order of the calls. A task starts even if the task before it
 * failed. Tasks of different names run at the same time.
 */
export type NamedQueues = <T>(name: string, task: () => Promise<T>) => Promise<T>

export function createNamedQueues(): NamedQueues {
  const queues = new Map<string, LimitFunction>()
  return (name, task) => {
    const queue = queues.get(name) ?? pLimit(1)
    queues.set(name, queue)
    return queue(task)
  }
}
