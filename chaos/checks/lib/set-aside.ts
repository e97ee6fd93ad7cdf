import type { CheckResult, Evidence, Offender } from '#chaos/contracts/check.ts'

import { capturedCents, formatCents } from './cents.ts'
import { inconclusiveResult, checkResult } from './check-result.ts'
import { formatCount } from './format.ts'
import { orderName, orderCases } from './order-cases.ts'
import type { OrderCase } from './order-cases.ts'

interface Role {
  readonly name: string
  readonly title: string
  /** The orders that are to wait for a person: those with this tag, or those that it says. */
  readonly tag: string | ((order: OrderCase) => boolean)
  /** What one of them is called: `poisonous order`. */
  readonly what: string
}

/** Whether every acknowledged order of a role waits for a person, and nobody was charged for it. */
export function judgeSetAside(evidence: Evidence, { name, title, tag, what }: Role): CheckResult {
  const all = orderCases(evidence).filter(
    (order) =>
      order.acknowledged &&
      (typeof tag === 'string'
        ? order.operations.some(({ tags }) => tags.includes(tag))
        : tag(order)),
  )
  if (all.length === 0)
    return inconclusiveResult(name, title, `No ${what} was acknowledged: give it to the load.`)
  const offenders = all.flatMap((order) => notAside(order))
  return checkResult({
    name,
    title,
    offenders,
    measured: offenders.length,
    limit: 0,
    held: `${formatCount(all.length, what)} set aside, none charged.`,
    violated: `${offenders.length} of ${formatCount(all.length, what)} not set aside.`,
  })
}

function notAside(order: OrderCase): Offender[] {
  const captured = capturedCents(order.charges)
  const parked = order.rows.length > 0 && order.rows.every(({ status }) => status === 'parked')
  if (parked && captured === 0) return []
  const statuses = order.rows.map(({ status }) => `\`${status}\``).join(' and ')
  const actual = [
    statuses === '' ? 'no such order' : statuses,
    ...(captured > 0 ? [`charged ${formatCents(captured)}`] : []),
  ].join(', ')
  return [{ id: orderName(order), expected: '`parked`, and nothing charged', actual }]
}
