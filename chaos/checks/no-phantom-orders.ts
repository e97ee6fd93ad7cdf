import type { Offender } from '#chaos/contracts/check.ts'

import { capturedCents, formatCents } from './lib/cents.ts'
import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount } from './lib/format.ts'
import { orderName, orderCases } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'
import { noParams } from './lib/params.ts'

const name = 'no-phantom-orders'
const title = 'no refused order was done'
const liveStatuses: ReadonlySet<string> = new Set(['placed', 'charging', 'paid'])

/** Phantom: the client was surely refused, and the order lives or was charged; or money moved that nobody asked for. */
export const noPhantomOrders = defineCheck({
  name,
  safety: true,
  description:
    'An order that the client was refused does not live and was not charged, and nothing was charged that nobody ordered.',
  params: noParams,
  judge(evidence) {
    const cases = orderCases(evidence)
    if (cases.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No order was sent, so none could appear from nowhere.',
      )
    const refused = cases.filter((order) => order.refused)
    const offenders = cases.flatMap((order) => phantom(order))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${formatCount(refused.length, 'refused order')} left nothing behind, and all else was asked for.`,
      violated: `${formatCount(offenders.length, 'order')} nobody was promised: refused to the client, or never asked for.`,
    })
  },
})

function phantom(order: OrderCase): Offender[] {
  const captured = capturedCents(order.charges)
  if (order.operations.length === 0) {
    if (order.rows.length > 0 || captured <= 0) return []
    const actual = `payments took ${formatCents(captured)} for an order that neither the client nor Postgres knows`
    return [{ id: orderName(order), expected: 'nobody ordered it, so no charge', actual }]
  }
  if (!order.refused) return []
  const live = order.rows.find(({ status }) => liveStatuses.has(status))
  if (live === undefined && captured <= 0) return []
  const reason = order.operations.at(-1)?.answer ?? 'no connection'
  const actual = [
    `refused to the client (${reason})`,
    ...(live === undefined ? [] : [`and yet \`${live.status}\` in Postgres`]),
    ...(captured > 0 ? [`and yet charged ${formatCents(captured)}`] : []),
  ].join(', ')
  return [{ id: orderName(order), expected: 'refused, so no live order and no charge', actual }]
}
