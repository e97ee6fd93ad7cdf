import { formatCount } from '#chaos/checks/lib/format.ts'

import type { Truth } from '../../truth/truth.ts'
import { finalStatuses } from '../../truth/truth.ts'

/** The work that is still in flight: `2 unfinished orders`, `1 job in the queue`. Empty when the shop is settled. */
export function unsettledWork(truth: Truth): readonly string[] {
  const unfinished = truth.orders.filter(({ status }) => !finalStatuses.has(status)).length
  const { waiting, active, delayed, prioritized } = truth.queue
  const jobs = waiting + active + delayed + prioritized
  const outbox = truth.outbox.filter(({ publishedAt }) => publishedAt === null).length
  const recorded = new Set(truth.receivedEvents.map(({ id }) => id))
  const missing = truth.paymentEvents.filter(({ id }) => !recorded.has(id)).length
  const migrations = (truth.migrations ?? []).filter(
    ({ finishedAt, failedAt }) => finishedAt === null && failedAt === null,
  ).length
  return [
    ...(unfinished > 0 ? [formatCount(unfinished, 'unfinished order')] : []),
    ...(jobs > 0 ? [`${formatCount(jobs, 'job')} in the queue`] : []),
    ...(outbox > 0 ? [`${formatCount(outbox, 'row')} in the outbox`] : []),
    ...(missing > 0 ? [formatCount(missing, 'missing payment event')] : []),
    ...(migrations > 0 ? [`${formatCount(migrations, 'migration')} in progress`] : []),
  ]
}
