import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'

import { finalStatuses } from '../truth/truth.ts'
import { defineCheck } from './lib/define-check.ts'
import { orderCases } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'

const name = 'no-lost-orders'
const title = 'no acknowledged order is lost'

/**
 * A lost order: the client received a success response, but the order is not in Postgres; or it is unfinished there, without a
 * job or an unpublished outbox row. Then no worker will ever process it.
 */
export const noLostOrders = defineCheck({
  name,
  safety: true,
  description:
    'Every acknowledged order exists, and is finished or still has a job or an unpublished outbox row.',
  params: noParams,
  judge(evidence) {
    const acknowledged = orderCases(evidence).filter((order) => order.acknowledged)
    if (acknowledged.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No order was acknowledged, so none could be lost. Give the workload a rate for orders.',
      )
    const offenders = acknowledged.flatMap((order) => lost(order))
    const total = formatCount(acknowledged.length, 'acknowledged order')
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `None of ${total} is lost.`,
      violated: `${offenders.length} of ${total} ${offenders.length === 1 ? 'is' : 'are'} lost.`,
    })
  },
})

function lost(order: OrderCase): Offender[] {
  const ids = order.acknowledgedIds.length > 0 ? order.acknowledgedIds : [order.key]
  return ids.flatMap((id) => {
    const expected = 'an acknowledged order ends as paid, rejected, sold-out, refunded or parked'
    const row = order.rows.find((candidate) => candidate.id === id || id === order.key)
    if (row === undefined)
      return [{ id, expected, actual: 'acknowledged, but Postgres has no such order' }]
    if (finalStatuses.has(row.status)) return []
    if (order.unfinishedJobs.includes(row.id) || order.outboxWaiting.includes(row.id)) return []
    const requests = order.chargeRequests.length
    const actual =
      `acknowledged, but no worker will ever process it: \`${row.status}\` in Postgres, no job in queue or outbox, ` +
      `payments received ${requests === 0 ? 'no charge request' : formatCount(requests, 'charge request')}`
    return [{ id, expected, actual }]
  })
}
