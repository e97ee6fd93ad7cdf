import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'

import type { PaymentEvent } from '../truth/truth.ts'
import { defineCheck } from './lib/define-check.ts'
import { noEvents } from './lib/no-events.ts'
import { orderCases, orderName } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'

const name = 'payment-state-agrees'
const title = "every order has the state of payments' last event"

/** The state in the end. What it was on the way is for `payment-state-never-goes-back`. */
export const paymentStateAgrees = defineCheck({
  name,
  description:
    "The payment state of every order is that of the last event in payments' books, and an order whose charge is refunded has the status refunded.",
  params: noParams,
  judge(evidence) {
    const cases = orderCases(evidence).filter(
      ({ paymentEvents, rows }) => paymentEvents.length > 0 && rows.length > 0,
    )
    if (cases.length === 0) return inconclusiveResult(name, title, noEvents)
    const offenders = cases.flatMap((order) => disagreement(order))
    const total = formatCount(cases.length, 'order')
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `The state of ${cases.length} of ${total} is that of payments' last event.`,
      violated: `The state of ${offenders.length} of ${total} is not that of payments' last event.`,
    })
  },
})

function disagreement(order: OrderCase): Offender[] {
  const last = order.paymentEvents.reduce((a, b) => (a.sequence > b.sequence ? a : b))
  const row = order.rows.find(({ id }) => id === last.orderId)
  if (row === undefined) return []
  const { state, status } = expectedOf(last, row.status)
  if (row.paymentState === state && row.status === status) return []
  return [
    {
      id: orderName(order),
      expected: `state \`${state}\` and status \`${status}\`: payments' last event is \`${last.type}\``,
      actual: `state ${row.paymentState === null ? 'none' : `\`${row.paymentState}\``} and status \`${row.status}\``,
    },
  ]
}

function expectedOf(last: PaymentEvent, status: OrderCase['rows'][number]['status']) {
  const state = last.type.replace('charge.', '')
  const isRefunded = state === 'refunded'
  // An order that is not paid for another reason is the subject of other checks.
  if (isRefunded) return { state, status: status === 'paid' ? 'refunded' : status }
  return { state, status: status === 'refunded' ? 'paid' : status }
}
