import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'

import { capturedCents, formatCents } from './lib/cents.ts'
import { defineCheck } from './lib/define-check.ts'
import { orderName, orderCases } from './lib/order-cases.ts'

const name = 'charged-at-most-once'
const title = 'no customer is charged twice'

/** Counts charges in payments' own books. A charge that was refunded in full does not count. */
export const chargedAtMostOnce = defineCheck({
  name,
  safety: true,
  description:
    "Payments' books hold at most one charge per order. A fully refunded charge does not count.",
  params: noParams,
  judge(evidence) {
    const charged = orderCases(evidence).filter(({ charges }) => charges.length > 0)
    if (charged.length === 0)
      return inconclusiveResult(
        name,
        title,
        'Payments made no charge, so no customer could be charged twice.',
      )
    const offenders = charged.flatMap((order) => {
      const kept = order.charges.filter((charge) => capturedCents([charge]) > 0)
      if (kept.length <= 1) return []
      const amounts = kept.map((charge) => formatCents(capturedCents([charge]))).join(' and ')
      const actual = `charged ${kept.length} times: ${amounts}`
      return [{ id: orderName(order), expected: 'at most one charge', actual }]
    })
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `Payments charged none of ${formatCount(charged.length, 'order')} twice.`,
      violated: `Payments charged ${offenders.length} of ${formatCount(charged.length, 'order')} more than once.`,
    })
  },
})
