import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'

import { capturedCents, formatCents } from './lib/cents.ts'
import { defineCheck } from './lib/define-check.ts'
import { orderName, orderCases } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'

const name = 'no-phantom-orders'
const title = 'no refused or unknown order is executed'
const liveStatuses: ReadonlySet<string> = new Set(['placed', 'charging', 'paid'])

/** A phantom order: the client received a definite refusal, but the order is live or charged; or a charge belongs to no order. */
export const noPhantomOrders = defineCheck({
  name,
  safety: true,
  description:
    'A definitely refused order is not live and has no charge. Every charge belongs to an order.',
  params: noParams,
  judge(evidence) {
    const cases = orderCases(evidence)
    if (cases.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No order was sent, so none could be a phantom. Give the workload a rate for orders.',
      )
    const refused = cases.filter((order) => order.refused)
    const offenders = cases.flatMap((order) => phantom(order))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${formatCount(refused.length, 'refused order')} had no effect, and every charge belongs to an order.`,
      violated: `${formatCount(offenders.length, 'phantom order')}: refused or never sent, but executed or charged.`,
    })
  },
})

function phantom(order: OrderCase): Offender[] {
  const captured = capturedCents(order.charges)
  if (order.operations.length === 0) {
    if (order.rows.length > 0 || captured <= 0) return []
    const actual = `payments charged ${formatCents(captured)} for an order that neither the client nor Postgres has`
    return [{ id: orderName(order), expected: 'no charge without an order', actual }]
  }
  if (!order.refused) return []
  const live = order.rows.find(({ status }) => liveStatuses.has(status))
  if (live === undefined && captured <= 0) return []
  const reason = order.operations.at(-1)?.answer ?? 'no connection'
  const actual = [
    `the client received a refusal (${reason})`,
    ...(live === undefined ? [] : [`but the order is \`${live.status}\` in Postgres`]),
    ...(captured > 0 ? [`but payments charged ${formatCents(captured)}`] : []),
  ].join(', ')
  return [
    { id: orderName(order), expected: 'a refused order is not live and has no charge', actual },
  ]
}
