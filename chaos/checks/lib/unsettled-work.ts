import type { Truth } from '#chaos/contracts/truth.ts'
import { finalStatuses } from '#chaos/contracts/truth.ts'

import { formatCount } from './format.ts'

/** What still moves or waits, in words; empty when everything is at rest. */
export function unsettledWork(truth: Truth): readonly string[] {
  const moving = truth.orders.filter(({ status }) => !finalStatuses.has(status)).length
  const { waiting, active, delayed, prioritized } = truth.queue
  const jobs = waiting + active + delayed + prioritized
  const outbox = truth.outbox.filter(({ publishedAt }) => publishedAt === null).length
  return [
    ...(moving > 0 ? [`${formatCount(moving, 'order')} unfinished`] : []),
    ...(jobs > 0 ? [`${formatCount(jobs, 'job')} in the queue`] : []),
    ...(outbox > 0 ? [`${formatCount(outbox, 'row')} in the outbox`] : []),
  ]
}
