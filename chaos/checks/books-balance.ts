import type { Offender } from '#chaos/contracts/check.ts'

import { capturedCents, formatCents, receivableCents } from './lib/cents.ts'
import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount } from './lib/format.ts'
import { orderName, orderCases } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'
import { noParams } from './lib/params.ts'

const name = 'books-balance'
const title = 'ledger, payments and orders agree'

/** Three books tell one story for each order: what payments keeps, what the ledger says, and whether it counts as paid. */
export const booksBalance = defineCheck({
  name,
  safety: true,
  description:
    "For every order, payments' books, the ledger (whose entries add up to zero) and the order's status agree.",
  params: noParams,
  judge(evidence) {
    const cases = orderCases(evidence).filter(
      ({ charges, ledger, rows }) =>
        charges.length > 0 || ledger.length > 0 || rows.some(({ status }) => status === 'paid'),
    )
    if (cases.length === 0)
      return inconclusiveResult(name, title, 'No money moved: all books are empty.')
    const offenders = cases.flatMap((order) => disagreement(order))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `The books agree about ${formatCount(cases.length, 'order')}.`,
      violated: `The books disagree about ${offenders.length} of ${formatCount(cases.length, 'order')}.`,
    })
  },
})

function disagreement(order: OrderCase): Offender[] {
  const id = orderName(order)
  const crooked = order.ledger.find(
    ({ entries }) => entries.reduce((sum, { amountCents }) => sum + amountCents, 0) !== 0,
  )
  if (crooked !== undefined)
    return [
      {
        id,
        expected: 'the entries of every ledger transaction add up to zero',
        actual: `ledger transaction ${crooked.id} does not`,
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
      expected: 'the same amount in all three books',
      actual:
        `payments keeps ${formatCents(captured)}, the ledger says ${formatCents(receivable)}, ` +
        `paid orders ${formatCents(paid)} (${statuses === '' ? 'no order' : statuses})`,
    },
  ]
}
