import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'

import type { ShopEvidence } from '../evidence.ts'
import type { OutboxRow } from '../truth/truth.ts'
import { formatCents } from './lib/cents.ts'
import { defineCheck } from './lib/define-check.ts'

const name = 'messages-in-minor-units'
const title = 'every message has the amount in minor units'

/** The floor for a deploy check: a deploy without the new message format breaks nothing, and brings nothing. */
export const messagesInMinorUnits = defineCheck({
  name,
  description:
    'Every message of the steady state has the order’s amount in minor units in some field. In the steady state only the judged code writes messages.',
  params: noParams,
  judge(evidence) {
    const amounts = steadyAmounts(evidence)
    const messages = evidence.truth.outbox.filter(({ orderId }) => amounts.has(orderId))
    if (messages.length === 0)
      return inconclusiveResult(
        name,
        title,
        'The steady state has no message. Give the workload a rate for orders.',
      )
    const offenders = messages.flatMap((message) => {
      const cents = amounts.get(message.orderId) ?? 0
      if (numbersIn(message.payload).includes(cents)) return []
      const expected = `the number ${cents} in some field, for ${formatCents(cents)}`
      return [{ id: message.orderId, expected, actual: JSON.stringify(message.payload) }]
    })
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${messages.length} of ${formatCount(messages.length, 'message')} of the steady state had the amount in minor units.`,
      violated: `${offenders.length} of ${formatCount(messages.length, 'message')} of the steady state did not have the amount in minor units.`,
    })
  },
})

function steadyAmounts({ steadyOperations, truth }: ShopEvidence): ReadonlyMap<string, number> {
  const steady = new Set(steadyOperations.map(({ orderId }) => orderId))
  const orders = truth.orders.filter(({ id }) => steady.has(id))
  return new Map(orders.map(({ id, amountCents }) => [id, amountCents]))
}

/** The numbers in a value, at any depth: the structure of a message is free. */
function numbersIn(value: OutboxRow['payload']): readonly number[] {
  if (typeof value === 'number') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((inner) => numbersIn(inner))
}
