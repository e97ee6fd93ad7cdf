import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'

import { paymentStates } from '../truth/truth.ts'
import type { PaymentStateRow } from '../truth/truth.ts'
import { defineCheck } from './lib/define-check.ts'
import { noEvents } from './lib/no-events.ts'
import { orderCases } from './lib/order-cases.ts'

const name = 'payment-state-never-goes-back'
const title = "no order's payment state goes back"

/** Judges the log of every change, not only the final state. */
export const paymentStateNeverGoesBack = defineCheck({
  name,
  safety: true,
  description:
    'The payment state of an order changes only forward: captured, settled, refunded. A state may be skipped.',
  params: noParams,
  judge(evidence) {
    const cases = orderCases(evidence).filter((order) => order.paymentStates.length > 0)
    if (cases.length === 0) return inconclusiveResult(name, title, noEvents)
    const offenders = cases.flatMap((order) => stepsBack(order.paymentStates))
    const total = formatCount(cases.length, 'order')
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `The payment state of ${cases.length} of ${total} never went back.`,
      violated: `The payment state of ${offenders.length} of ${total} went back.`,
    })
  },
})

function stepsBack(changes: readonly PaymentStateRow[]): Offender[] {
  return [...Map.groupBy(changes, ({ orderId }) => orderId)].flatMap(([id, trail]) => {
    const at = trail.findIndex((change, i) => i > 0 && rank(change) < rank(trail[i - 1]))
    const [before, after] = [trail[at - 1], trail[at]]
    if (before === undefined || after === undefined) return []
    const expected = `no earlier state after \`${before.state}\``
    return [{ id, expected, actual: `went back from \`${before.state}\` to \`${after.state}\`` }]
  })
}

function rank(change: PaymentStateRow | undefined): number {
  return paymentStates.findIndex((state) => state === change?.state)
}
