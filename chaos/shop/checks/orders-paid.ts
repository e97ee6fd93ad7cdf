import { Type } from 'typebox'

import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount, formatPercent } from '#chaos/checks/lib/format.ts'
import { checkParams } from '#chaos/checks/lib/params.ts'
import { countMax, nameLengthMax } from '#chaos/contracts/max.ts'

import { defineCheck } from './lib/define-check.ts'
import { hasVersion, orderName, orderCases } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'

const name = 'orders-paid'

/** The floor for `no-lost-orders`: a shop that cancels or parks every order loses nothing, and sells nothing. */
export const ordersPaid = defineCheck({
  name,
  measures: 'share',
  description:
    'At least this share of the acknowledged orders ends as paid. Orders that payments declined or refunded and suspicious orders do not count.',
  example: { atLeast: 0.99 },
  params: checkParams({
    atLeast: Type.Number({ minimum: 0, maximum: 1, description: 'Share, 0 to 1.' }),
    role: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: nameLengthMax,
        description: 'Only orders with this role, such as huge.',
      }),
    ),
    exceptVersion: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: countMax,
        description: 'Without the orders whose message has this version: no worker can read it.',
      }),
    ),
  }),
  judge(evidence, { atLeast, role, exceptVersion }) {
    const what = `acknowledged ${role === undefined ? '' : `${role} `}order`
    const title = `at least ${formatPercent(atLeast)} of the ${what}s are paid`
    const counted = orderCases(evidence).filter(
      (order) =>
        mustBePaid(order) &&
        (role === undefined || order.operations.some(({ tags }) => tags.includes(role))) &&
        (exceptVersion === undefined || !hasVersion(order, exceptVersion)),
    )
    if (counted.length === 0)
      return inconclusiveResult(name, title, `No ${what} had to be paid. Add one to the workload.`)
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
              actual: finalState(order),
            })),
      held: `${counted.length - unpaid.length} of ${total} ended as paid (${formatPercent(share)}).`,
      violated: `${unpaid.length} of ${total} did not end as paid: ${formatPercent(share)} did, at least ${formatPercent(atLeast)} required.`,
    })
  },
})

function mustBePaid({ acknowledged, charges, operations }: OrderCase): boolean {
  return (
    acknowledged &&
    !charges.some(({ status, refundedCents }) => status === 'declined' || refundedCents > 0) &&
    !operations.some(({ tags }) => tags.includes('suspicious'))
  )
}

function finalState({ rows: [row] }: OrderCase): string {
  return row === undefined
    ? 'Postgres has no such order'
    : `\`${row.status}\`, although payments did not decline it`
}
