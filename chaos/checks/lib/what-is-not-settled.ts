import type { Truth } from '#chaos/contracts/truth.ts'
import { finalStatuses } from '#chaos/contracts/truth.ts'

import { count } from './format-figures.ts'

/** What still moves or waits, in words; empty when everything is at rest. */
export function whatIsNotSettled(truth: Truth): readonly string[] {
  const moving = truth.orders.filter(({ status }) => !finalStatuses.has(status)).length
  const { waiting, active, delayed, prioritized } = truth.queue
  const jobs = waiting + active + delayed + prioritized
  const outbox = truth.outbox.filter(({ publishedAt }) => publishedAt === null).length
  return [
    ...(moving > 0 ? [`${count(moving, 'order')} unfinished`] : []),
    ...(jobs > 0 ? [`${count(jobs, 'job')} in the queue`] : []),
    ...(outbox > 0 ? [`${count(outbox, 'row')} in the outbox`] : []),
  ]
}
