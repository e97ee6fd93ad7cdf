import { checkResult, inconclusiveResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import type { CheckResult, Offender } from '#chaos/contracts/check.ts'

import type { ShopEvidence } from '../../evidence.ts'
import { capturedCents, formatCents } from './cents.ts'
import { orderCases, orderName } from './order-cases.ts'
import type { OrderCase } from './order-cases.ts'

interface SetAsideCheck {
  readonly name: string
  readonly title: string
  /** The orders that must end as `parked`: those with this tag, or those that the function accepts. */
  readonly tag: string | ((order: OrderCase) => boolean)
  /** The noun for one of them: `poison order`. */
  readonly what: string
}

/** Judges that every acknowledged order of one role ends as `parked`, without a charge. */
export function judgeSetAside(
  evidence: ShopEvidence,
  { name, title, tag, what }: SetAsideCheck,
): CheckResult {
  const all = orderCases(evidence).filter(
    (order) =>
      order.acknowledged &&
      (typeof tag === 'string'
        ? order.operations.some(({ tags }) => tags.includes(tag))
        : tag(order)),
  )
  if (all.length === 0)
    return inconclusiveResult(name, title, `No ${what} was acknowledged. Add one to the workload.`)
  const offenders = all.flatMap((order) => notSetAside(order))
  const total = formatCount(all.length, what)
  return checkResult({
    name,
    title,
    offenders,
    measured: offenders.length,
    limit: 0,
    held: `${all.length} of ${total} ended as parked, without a charge.`,
    violated: `${offenders.length} of ${total} did not end as parked, or had a charge.`,
  })
}

function notSetAside(order: OrderCase): Offender[] {
  const captured = capturedCents(order.charges)
  const parked = order.rows.length > 0 && order.rows.every(({ status }) => status === 'parked')
  if (parked && captured === 0) return []
  const statuses = order.rows.map(({ status }) => `\`${status}\``).join(' and ')
  const actual = [
    statuses === '' ? 'Postgres has no such order' : statuses,
    ...(captured > 0 ? [`charged ${formatCents(captured)}`] : []),
  ].join(', ')
  return [{ id: orderName(order), expected: '`parked`, without a charge', actual }]
}
