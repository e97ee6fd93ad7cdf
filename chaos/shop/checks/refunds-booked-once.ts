import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'

import { formatCents, receivableCents } from './lib/cents.ts'
import { defineCheck } from './lib/define-check.ts'
import { noRefunds } from './lib/no-events.ts'
import { orderCases, orderName } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'

const name = 'refunds-booked-once'
const title = 'every refund is in the ledger exactly once'

/** Payments' books decide which charges are refunded. */
export const refundsBookedOnce = defineCheck({
  name,
  safety: true,
  description:
    "The ledger has one refund of the right amount for every charge that payments' books show as refunded, and no other refund.",
  params: noParams,
  judge(evidence) {
    const cases = orderCases(evidence)
    const refunded = cases.filter((order) => refundedCents(order) > 0)
    const booked = cases.filter((order) => refundsOf(order).length > 0)
    if (refunded.length === 0 && booked.length === 0)
      return inconclusiveResult(name, title, noRefunds)
    const counted = new Set([...refunded, ...booked])
    const offenders = [...counted].flatMap((order) => wrongRefund(order))
    const total = formatCount(counted.size, 'refund')
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${counted.size} of ${total} are in the ledger exactly once.`,
      violated: `${offenders.length} of ${total} are missing in the ledger, there more than once, or wrong.`,
    })
  },
})

function refundedCents({ charges }: OrderCase): number {
  return charges.reduce((sum, charge) => sum + charge.refundedCents, 0)
}

function refundsOf({ ledger }: OrderCase): OrderCase['ledger'] {
  return ledger.filter(({ kind }) => kind === 'refund')
}

function wrongRefund(order: OrderCase): Offender[] {
  const owed = refundedCents(order)
  const refunds = refundsOf(order)
  const cents = -receivableCents(refunds)
  if (refunds.length === (owed > 0 ? 1 : 0) && cents === owed) return []
  return [
    {
      id: orderName(order),
      expected: owed > 0 ? `one refund of ${formatCents(owed)}` : 'no refund',
      actual:
        refunds.length === 0
          ? 'no refund in the ledger'
          : `${formatCount(refunds.length, 'refund')} in the ledger, ${formatCents(cents)} together`,
    },
  ]
}
