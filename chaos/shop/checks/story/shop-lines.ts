import type { StoryLine } from '#chaos/contracts/check.ts'
import type { RunClock } from '#chaos/contracts/run-clock.ts'

import type { ChargeRequest } from '../../truth/truth.ts'
import { formatCents, receivableCents } from '../lib/cents.ts'
import type { OrderCase } from '../lib/order-cases.ts'

/** What the services do with an order: its status changes, messages, charge requests and ledger entries. */
export function shopLines(order: OrderCase, clock: RunClock): StoryLine[] {
  const several = new Set(order.events.map(({ orderId }) => orderId)).size > 1
  const which = (orderId: string): string => (several ? `order ${orderId}` : 'the order')
  const statuses = order.events.map(({ orderId, status, instance, at }) => ({
    ms: clock.msOfWall(at),
    who: instance,
    text:
      status === 'placed'
        ? `writes ${which(orderId)} to Postgres as \`placed\``
        : `sets ${which(orderId)} to \`${status}\``,
  }))
  const requests = order.chargeRequests.map((request) => ({
    ms: clock.msOfWall(request.at),
    who: 'payments',
    text: paymentsText(request, order),
  }))
  const ledger = order.ledger.map((transaction) => ({
    ms: clock.msOfWall(transaction.at),
    who: 'ledger',
    text: `records a ${transaction.kind} of ${formatCents(Math.abs(receivableCents([transaction])))}`,
  }))
  const messages = order.messages.flatMap(({ publishedAt, payload }) =>
    publishedAt === null
      ? []
      : [
          {
            ms: clock.msOfWall(publishedAt),
            who: 'queue',
            text: `receives the message ${messageText(payload)}`,
          },
        ],
  )
  return [...statuses, ...messages, ...requests, ...ledger]
}

/** Without the order's id: the title of the story has it. */
function messageText(payload: unknown): string {
  const { orderId: _id, ...rest } = (payload ?? {}) as Readonly<Record<string, unknown>>
  return JSON.stringify(rest)
}

function paymentsText({ outcome, idempotencyKey }: ChargeRequest, order: OrderCase): string {
  const charge = order.charges.find((candidate) => candidate.idempotencyKey === idempotencyKey)
  const amount = charge === undefined ? '' : ` ${formatCents(charge.amountCents)}`
  switch (outcome) {
    case 'charged':
      return `charges${amount} (key ${idempotencyKey})`
    case 'declined':
      return `declines the charge (key ${idempotencyKey})`
    case 'replayed':
      return `receives the same key again: it repeats the first response and charges nothing (key ${idempotencyKey})`
    case 'conflict':
      return `refuses the charge: another request used the key ${idempotencyKey}`
    case 'overloaded':
      return 'refuses the charge: overloaded'
    case 'unavailable':
      return 'refuses the charge: unavailable'
  }
}
