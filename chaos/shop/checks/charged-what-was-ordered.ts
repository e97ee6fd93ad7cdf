import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'

import { formatCents } from './lib/cents.ts'
import { defineCheck } from './lib/define-check.ts'
import { orderName, orderCases } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'

const name = 'charged-what-was-ordered'
const title = 'every charge matches its order'

/** The client's request and response, the shop's order and payments' charge must have the same product and amount. */
export const chargedWhatWasOrdered = defineCheck({
  name,
  safety: true,
  description:
    'Every charge has the amount of its order. The order matches the request that the client sent and the amount that it received.',
  params: noParams,
  judge(evidence) {
    const charged = orderCases(evidence).filter(({ charges }) =>
      charges.some(({ status }) => status === 'captured'),
    )
    if (charged.length === 0)
      return inconclusiveResult(
        name,
        title,
        'Payments made no charge, so there is no amount to compare.',
      )
    const offenders = charged.flatMap((order) => mismatch(order))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `The charge matches the order for ${charged.length} of ${formatCount(charged.length, 'charged order')}.`,
      violated: `The charge does not match the order for ${offenders.length} of ${formatCount(charged.length, 'charged order')}.`,
    })
  },
})

function mismatch(order: OrderCase): Offender[] {
  const id = orderName(order)
  for (const charge of order.charges.filter(({ status }) => status === 'captured')) {
    const row = order.rows.find((candidate) => candidate.id === charge.orderId)
    const charged = `charged ${formatCents(charge.amountCents)}`
    if (row === undefined)
      return [{ id, expected: 'an order for every charge', actual: `${charged} without an order` }]
    if (row.amountCents !== charge.amountCents)
      return [{ id, expected: `a charge of ${formatCents(row.amountCents)}`, actual: charged }]
    const received = order.operations.find(({ amountCents }) => amountCents !== undefined)
    if (received?.amountCents !== undefined && received.amountCents !== charge.amountCents)
      return [
        {
          id,
          expected: `a charge of ${formatCents(received.amountCents)}, the amount that the client received`,
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
          expected: `an order of ${first.quantity} x ${first.sku}, as the client requested`,
          actual: `${charged} for ${row.quantity} x ${row.sku}`,
        },
      ]
  }
  return []
}
