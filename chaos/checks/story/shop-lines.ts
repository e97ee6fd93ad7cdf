import type { StoryLine } from '#chaos/contracts/check.ts'
import type { ChargeRequest } from '#chaos/contracts/truth.ts'

import { formatCents, receivableCents } from '../lib/cents.ts'
import type { OrderCase } from '../lib/order-cases.ts'
import type { StoryTime } from './story-time.ts'

/** What the servers did with an order, by the trails that they left: statuses, messages, charge requests, ledger. */
export function shopLines(order: OrderCase, timeline: StoryTime): StoryLine[] {
  const several = new Set(order.events.map(({ orderId }) => orderId)).size > 1
  const which = (orderId: string): string => (several ? `order ${orderId}` : 'the order')
  const statuses = order.events.map(({ orderId, status, instance, at }) => ({
    ms: timeline.msOf(at),
    who: instance,
    text:
      status === 'placed'
        ? `writes ${which(orderId)} to Postgres: \`placed\``
        : `sets ${which(orderId)} to \`${status}\``,
  }))
  const requests = order.chargeRequests.map((request) => ({
    ms: timeline.msOf(request.at),
    who: 'payments',
    text: paymentsDoes(request, order),
  }))
  const ledger = order.ledger.map((transaction) => ({
    ms: timeline.msOf(transaction.at),
    who: 'ledger',
    text: `a ${transaction.kind} of ${formatCents(Math.abs(receivableCents([transaction])))} is written`,
  }))
  const messages = order.messages.flatMap(({ publishedAt, payload }) =>
    publishedAt === null
      ? []
      : [
          {
            ms: timeline.msOf(publishedAt),
            who: 'queue',
            text: `is told ${messageWords(payload)}`,
          },
        ],
  )
  return [...statuses, ...messages, ...requests, ...ledger]
}

/** Without the order's id, which the whole story is about. */
function messageWords(payload: unknown): string {
  const { orderId: _id, ...rest } = (payload ?? {}) as Readonly<Record<string, unknown>>
  return JSON.stringify(rest)
}

function paymentsDoes({ outcome, idempotencyKey }: ChargeRequest, order: OrderCase): string {
  const charge = order.charges.find((candidate) => candidate.idempotencyKey === idempotencyKey)
  const amount = charge === undefined ? '' : ` ${formatCents(charge.amountCents)}`
  switch (outcome) {
    case 'charged':
      return `charges${amount} (key ${idempotencyKey})`
    case 'declined':
      return `declines the charge (key ${idempotencyKey})`
    case 'replayed':
      return `is asked again with the same key, charges nothing, answers as before (key ${idempotencyKey})`
    case 'conflict':
      return `refuses: the key ${idempotencyKey} was used for something else`
    case 'overloaded':
      return 'refuses: too busy'
    case 'unavailable':
      return 'refuses: not available'
  }
}
