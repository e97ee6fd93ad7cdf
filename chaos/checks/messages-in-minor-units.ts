import type { Evidence } from '#chaos/contracts/check.ts'
import type { OutboxRow } from '#chaos/contracts/truth.ts'

import { formatCents } from './lib/cents.ts'
import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount } from './lib/format.ts'
import { noParams } from './lib/params.ts'

const name = 'messages-in-minor-units'
const title = 'messages say the amount in minor units'

/** The floor beside a deploy that hurts nobody: one that deploys nothing new hurts nobody either. */
export const messagesInMinorUnits = defineCheck({
  name,
  description:
    'Every message that was written in the steady state, where only the code under check writes, has the order’s amount in minor units in some field.',
  params: noParams,
  judge(evidence) {
    const amounts = steadyAmounts(evidence)
    const messages = evidence.truth.outbox.filter(({ orderId }) => amounts.has(orderId))
    if (messages.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No message was written in the steady state: give the workload a rate for orders.',
      )
    const offenders = messages.flatMap((message) => {
      const cents = amounts.get(message.orderId) ?? 0
      if (numbersIn(message.payload).includes(cents)) return []
      const expected = `${cents} for ${formatCents(cents)}, in some field`
      return [{ id: message.orderId, expected, actual: JSON.stringify(message.payload) }]
    })
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${formatCount(messages.length, 'message')} of the steady state did.`,
      violated: `${offenders.length} of ${formatCount(messages.length, 'message')} of the steady state did not.`,
    })
  },
})

function steadyAmounts({ steadyOperations, truth }: Evidence): ReadonlyMap<string, number> {
  const steady = new Set(steadyOperations.map(({ orderId }) => orderId))
  const orders = truth.orders.filter(({ id }) => steady.has(id))
  return new Map(orders.map(({ id, amountCents }) => [id, amountCents]))
}

/** At any depth: how a message is built is its writer's business. */
function numbersIn(value: OutboxRow['payload']): readonly number[] {
  if (typeof value === 'number') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((inner) => numbersIn(inner))
}
