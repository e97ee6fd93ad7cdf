import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'

import type { OrderEventRow, OrderStatus } from '../truth/truth.ts'
import { capturedCents } from './lib/cents.ts'
import { defineCheck } from './lib/define-check.ts'
import { orderName, orderCases } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'

const name = 'status-never-goes-back'
const title = "no order's status goes back"

/** Which statuses may follow a status. The same status again is allowed: two workers may both start an order. */
const next: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  placed: ['charging', 'paid', 'rejected', 'sold-out', 'refunded', 'parked'],
  charging: ['paid', 'rejected', 'sold-out', 'refunded', 'parked'],
  paid: ['refunded'],
  // A parked order can be decided manually.
  parked: ['paid', 'rejected', 'refunded'],
  rejected: [],
  'sold-out': [],
  refunded: [],
}

/** Judges the log of every status change, not only the final status. */
export const statusNeverGoesBack = defineCheck({
  name,
  safety: true,
  description:
    'Only a later status follows a status. The last recorded status is the status of the order. A paid order may be parked if payments did not capture its amount.',
  params: noParams,
  judge(evidence) {
    const cases = orderCases(evidence).filter(({ events }) => events.length > 0)
    if (cases.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No order has a recorded status, so none could go back. Give the workload a rate for orders.',
      )
    const offenders = cases.flatMap((order) => stepsBack(order))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `The status of ${cases.length} of ${formatCount(cases.length, 'order')} never went back.`,
      violated: `The status of ${offenders.length} of ${formatCount(cases.length, 'order')} went back.`,
    })
  },
})

function stepsBack(order: OrderCase): Offender[] {
  return [...Map.groupBy(order.events, ({ orderId }) => orderId)].flatMap(([id, events]) => {
    const at = events.findIndex((event, i) => {
      const earlier = events[i - 1]
      return !allowed(earlier, event) && !isSetAside(order, earlier, event)
    })
    const [before, after] = [events[at - 1], events[at]]
    if (before !== undefined && after !== undefined)
      return [
        {
          id,
          expected: `after \`${before.status}\` ${describeNext(next[before.status])}`,
          actual: `went back from \`${before.status}\` (${before.instance}) to \`${after.status}\` (${after.instance})`,
        },
      ]
    const row = order.rows.find((candidate) => candidate.id === id)
    const last = events.at(-1)
    if (row === undefined || last === undefined || row.status === last.status) return []
    const actual = `the status is \`${row.status}\`, but the last recorded status is \`${last.status}\``
    return [
      { id: orderName(order), expected: `\`${last.status}\`, the last recorded status`, actual },
    ]
  })
}

function allowed(before: OrderEventRow | undefined, after: OrderEventRow): boolean {
  if (before === undefined || before.status === after.status) return true
  return next[before.status].includes(after.status)
}

/** The reconciler sets a paid order aside if payments did not capture its amount. */
function isSetAside(
  { rows, charges }: OrderCase,
  before: OrderEventRow | undefined,
  { status, orderId: id }: OrderEventRow,
): boolean {
  if (before?.status !== 'paid' || status !== 'parked') return false
  const row = rows.find((candidate) => candidate.id === id)
  const captured = capturedCents(charges.filter(({ orderId }) => orderId === id))
  return row !== undefined && captured !== row.amountCents
}

function describeNext(statuses: readonly OrderStatus[]): string {
  return statuses.length === 0 ? 'no other status' : `only ${statuses.join(', ')}`
}
