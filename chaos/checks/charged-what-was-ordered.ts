import type { Offender } from '#chaos/contracts/check.ts'

import { formatCents } from './lib/cents.ts'
import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount } from './lib/format.ts'
import { orderName, orderCases } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'
import { noParams } from './lib/params.ts'

const name = 'charged-what-was-ordered'
const title = 'every charge is for what was ordered'

/** The client's words, the shop's row and payments' books tell of the same thing at the same price. */
export const chargedWhatWasOrdered = defineCheck({
  name,
  safety: true,
  description:
    'Every charge has the amount of its order, and the order is the one that the client sent and was told.',
  params: noParams,
  judge(evidence) {
    const charged = orderCases(evidence).filter(({ charges }) =>
      charges.some(({ status }) => status === 'captured'),
    )
    if (charged.length === 0)
      return inconclusiveResult(
        name,
        title,
        'Payments charged nothing, so there is no amount to compare.',
      )
    const offenders = charged.flatMap((order) => wrong(order))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${formatCount(charged.length, 'charged order')} paid what was ordered.`,
      violated: `${offenders.length} of ${formatCount(charged.length, 'charged order')} paid for something else.`,
    })
  },
})

function wrong(order: OrderCase): Offender[] {
  const id = orderName(order)
  for (const charge of order.charges.filter(({ status }) => status === 'captured')) {
    const row = order.rows.find((candidate) => candidate.id === charge.orderId)
    const charged = `charged ${formatCents(charge.amountCents)}`
    if (row === undefined)
      return [
        { id, expected: 'a charge belongs to an order', actual: `${charged} without an order` },
      ]
    if (row.amountCents !== charge.amountCents)
      return [{ id, expected: `a charge of ${formatCents(row.amountCents)}`, actual: charged }]
    const told = order.operations.find(({ amountCents }) => amountCents !== undefined)
    if (told?.amountCents !== undefined && told.amountCents !== charge.amountCents)
      return [
        {
          id,
          expected: `${formatCents(told.amountCents)}, as the client was told`,
          actual: charged,
        },
      ]
    const accepted = order.operations.filter(({ outcome }) => outcome !== 'fail')
    const sent = accepted.find(({ sku, quantity }) => sku === row.sku && quantity === row.quantity)
    const [first] = accepted
    if (first !== undefined && sent === undefined)
      return [
        {
          id,
          expected: `an order of ${first.quantity} x ${first.sku}, as the client sent it`,
          actual: `${charged} for ${row.quantity} x ${row.sku}`,
        },
      ]
  }
  return []
}
