import { finalStatuses } from '#chaos/contracts/truth.ts'

import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount } from './lib/format.ts'
import { orderCases } from './lib/order-cases.ts'
import { noParams } from './lib/params.ts'

const name = 'no-stuck-orders'
const title = 'no order is stuck'

/** Also for orders whose client never got an answer: whatever exists has to come to an end. */
export const noStuckOrders = defineCheck({
  name,
  description: 'Every order that exists ended as paid, rejected, sold-out, refunded or parked.',
  params: noParams,
  judge(evidence) {
    const rows = orderCases(evidence).flatMap((order) => order.rows.map((row) => ({ row, order })))
    if (rows.length === 0)
      return inconclusiveResult(name, title, 'No order was placed, so none could be stuck.')
    const offenders = rows
      .filter(({ row }) => !finalStatuses.has(row.status))
      .map(({ row, order }) => ({
        id: row.id,
        expected: 'paid, rejected, sold-out, refunded or parked',
        actual: `still \`${row.status}\`, ${whatIsLeft(order, row.id)}`,
      }))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${formatCount(rows.length, 'order')} came to an end.`,
      violated: `${offenders.length} of ${formatCount(rows.length, 'order')} did not come to an end.`,
    })
  },
})

function whatIsLeft(
  order: { readonly unfinishedJobs: readonly string[]; readonly outboxWaiting: readonly string[] },
  id: string,
): string {
  if (order.unfinishedJobs.includes(id)) return 'and its job waits in the queue'
  if (order.outboxWaiting.includes(id)) return 'and its outbox row waits to be published'
  return 'and no job and no outbox row is left'
}
