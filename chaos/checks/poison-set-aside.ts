import type { Offender } from '../contracts/check.ts'
import { defineCheck } from './define-check.ts'
import { capturedCents, formatCents } from './money.ts'
import { nameOf, orderCases } from './order-cases.ts'
import type { OrderCase } from './order-cases.ts'
import { noParams } from './params.ts'
import { inconclusive, judged } from './result.ts'
import { count } from './words.ts'

const name = 'poison-set-aside'
const title = 'what nobody can work on is set aside'

/** A poisonous order waits for a person: it is not dropped, not tried for ever, and nobody is charged for it. */
export const poisonSetAside = defineCheck({
  name,
  description: 'Every acknowledged poisonous order is parked, and nothing was charged for it.',
  params: noParams,
  judge(evidence) {
    const poisonous = orderCases(evidence).filter(
      ({ acknowledged, operations }) =>
        acknowledged && operations.some(({ tags }) => tags.includes('poison')),
    )
    if (poisonous.length === 0)
      return inconclusive(name, title, 'No poisonous order was acknowledged: give it to the load.')
    const offenders = poisonous.flatMap((order) => notAside(order))
    return judged({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${count(poisonous.length, 'poisonous order')} set aside, none charged.`,
      violated: `${offenders.length} of ${count(poisonous.length, 'poisonous order')} not set aside.`,
    })
  },
})

function notAside(order: OrderCase): Offender[] {
  const captured = capturedCents(order.charges)
  const parked = order.rows.length > 0 && order.rows.every(({ status }) => status === 'parked')
  if (parked && captured === 0) return []
  const statuses = order.rows.map(({ status }) => `\`${status}\``).join(' and ')
  const actual = [
    statuses === '' ? 'no such order' : statuses,
    ...(captured > 0 ? [`charged ${formatCents(captured)}`] : []),
  ].join(', ')
  return [{ id: nameOf(order), expected: '`parked`, and nothing charged', actual }]
}
