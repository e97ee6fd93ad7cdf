import { Type } from 'typebox'

import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount, formatPercent } from './lib/format.ts'
import { orderName, orderCases } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'
import { checkParams } from './lib/params.ts'

const name = 'orders-paid'

/** The floor beside `no-lost-orders`: cancelling or parking everything loses nothing, and sells nothing. */
export const ordersPaid = defineCheck({
  name,
  description:
    'At least this share of the acknowledged orders is paid in the end; one that payments declined, and a suspicious one, do not count.',
  example: { atLeast: 0.99 },
  params: checkParams({
    atLeast: Type.Number({ minimum: 0, maximum: 1, description: 'Share, 0 to 1.' }),
    role: Type.Optional(
      Type.String({ minLength: 1, description: 'Only orders with this role: huge.' }),
    ),
  }),
  judge(evidence, { atLeast, role }) {
    const what = `acknowledged ${role === undefined ? '' : `${role} `}order`
    const title = `at least ${formatPercent(atLeast)} of the ${what}s are paid`
    const counted = orderCases(evidence).filter(
      ({ acknowledged, charges, operations }) =>
        acknowledged &&
        !charges.some(({ status }) => status === 'declined') &&
        !operations.some(({ tags }) => tags.includes('suspicious')) &&
        (role === undefined || operations.some(({ tags }) => tags.includes(role))),
    )
    if (counted.length === 0)
      return inconclusiveResult(name, title, `No ${what}: none had to be paid.`)
    const unpaid = counted.filter(({ rows }) => !rows.some(({ status }) => status === 'paid'))
    const share = (counted.length - unpaid.length) / counted.length
    const total = formatCount(counted.length, what)
    return checkResult({
      name,
      title,
      measured: share,
      limit: atLeast,
      offenders:
        share >= atLeast
          ? []
          : unpaid.map((order) => ({
              id: orderName(order),
              expected: 'paid',
              actual: whatBecame(order),
            })),
      held: `${counted.length - unpaid.length} of ${total} are paid (${formatPercent(share)}).`,
      violated: `${unpaid.length} of ${total} are not paid: ${formatPercent(share)} are, at least ${formatPercent(atLeast)} must.`,
    })
  },
})

function whatBecame({ rows: [row] }: OrderCase): string {
  return row === undefined
    ? 'Postgres knows no such order'
    : `\`${row.status}\`, and payments never declined it`
}
