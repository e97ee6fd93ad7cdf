import { capturedCents, formatCents } from './lib/cents.ts'
import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount } from './lib/format.ts'
import { orderName, orderCases } from './lib/order-cases.ts'
import { noParams } from './lib/params.ts'

const name = 'charged-at-most-once'
const title = 'nobody is charged twice'

/** Counted in payments' own books, where the money is; a charge that was given back in full does not count. */
export const chargedAtMostOnce = defineCheck({
  name,
  safety: true,
  description: "No order holds more than one charge in payments' books that was not given back.",
  params: noParams,
  judge(evidence) {
    const charged = orderCases(evidence).filter(({ charges }) => charges.length > 0)
    if (charged.length === 0)
      return inconclusiveResult(
        name,
        title,
        'Payments charged nothing, so nothing could be charged twice.',
      )
    const offenders = charged.flatMap((order) => {
      const standing = order.charges.filter((charge) => capturedCents([charge]) > 0)
      if (standing.length <= 1) return []
      const amounts = standing.map((charge) => formatCents(capturedCents([charge]))).join(' and ')
      const actual = `charged ${standing.length} times: ${amounts}`
      return [{ id: orderName(order), expected: 'one charge at most', actual }]
    })
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `None of ${formatCount(charged.length, 'charged order')} was charged twice.`,
      violated: `${offenders.length} of ${formatCount(charged.length, 'charged order')} paid more than once.`,
    })
  },
})
