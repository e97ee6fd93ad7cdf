import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'

import { finalStatuses } from '../truth/truth.ts'
import { defineCheck } from './lib/define-check.ts'
import { orderCases } from './lib/order-cases.ts'

const name = 'no-stuck-orders'
const title = 'no order is stuck'

/** Includes orders whose client received no response: every order that exists must finish. */
export const noStuckOrders = defineCheck({
  name,
  description: 'Every order that exists ends as paid, rejected, sold-out, refunded or parked.',
  params: noParams,
  judge(evidence) {
    const rows = orderCases(evidence).flatMap((order) => order.rows.map((row) => ({ row, order })))
    if (rows.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No order was placed, so none could be stuck. Give the workload a rate for orders.',
      )
    const offenders = rows
      .filter(({ row }) => !finalStatuses.has(row.status))
      .map(({ row, order }) => ({
        id: row.id,
        expected: 'paid, rejected, sold-out, refunded or parked',
        actual: `still \`${row.status}\`: ${remainingWork(order, row.id)}`,
      }))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${rows.length} of ${formatCount(rows.length, 'order')} finished.`,
      violated: `${offenders.length} of ${formatCount(rows.length, 'order')} did not finish.`,
    })
  },
})

function remainingWork(
  order: { readonly unfinishedJobs: readonly string[]; readonly outboxWaiting: readonly string[] },
  id: string,
): string {
  if (order.unfinishedJobs.includes(id)) return 'its job is in the queue'
  if (order.outboxWaiting.includes(id)) return 'its outbox row is not published'
  return 'no job and no unpublished outbox row is left'
}
