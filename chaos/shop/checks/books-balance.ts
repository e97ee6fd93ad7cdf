import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'

import { capturedCents, formatCents, receivableCents } from './lib/cents.ts'
import { defineCheck } from './lib/define-check.ts'
import { orderName, orderCases } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'

const name = 'books-balance'
const title = 'ledger, payments and orders agree'

/** For each order, three sources must agree: payments' books, the shop's ledger and the status of the order. */
export const booksBalance = defineCheck({
  name,
  safety: true,
  description:
    "For every order, payments' books, the ledger and the order's status agree. The entries of every ledger transaction add up to zero.",
  params: noParams,
  judge(evidence) {
    const cases = orderCases(evidence).filter(
      ({ charges, ledger, rows }) =>
        charges.length > 0 || ledger.length > 0 || rows.some(({ status }) => status === 'paid'),
    )
    if (cases.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No money moved: there is nothing to compare. Give the workload a rate for orders.',
      )
    const offenders = cases.flatMap((order) => disagreement(order))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `Payments, ledger and order status agree for ${cases.length} of ${formatCount(cases.length, 'order')}.`,
      violated: `Payments, ledger and order status disagree for ${offenders.length} of ${formatCount(cases.length, 'order')}.`,
    })
  },
})

function disagreement(order: OrderCase): Offender[] {
  const id = orderName(order)
  const unbalanced = order.ledger.find(
    ({ entries }) => entries.reduce((sum, { amountCents }) => sum + amountCents, 0) !== 0,
  )
  if (unbalanced !== undefined)
    return [
      {
        id,
        expected: 'the entries of every ledger transaction add up to zero',
        actual: `the entries of ledger transaction ${unbalanced.id} do not add up to zero`,
      },
    ]
  const captured = capturedCents(order.charges)
  const receivable = receivableCents(order.ledger)
  const paid = order.rows
    .filter(({ status }) => status === 'paid')
    .reduce((sum, { amountCents }) => sum + amountCents, 0)
  if (captured === receivable && receivable === paid) return []
  const statuses = order.rows.map(({ status }) => `\`${status}\``).join(' and ')
  return [
    {
      id,
      expected: 'the same amount at payments, in the ledger and in paid orders',
      actual:
        `payments holds ${formatCents(captured)}, the ledger shows ${formatCents(receivable)}, ` +
        `paid orders add up to ${formatCents(paid)} (status: ${statuses === '' ? 'no order' : statuses})`,
    },
  ]
}
