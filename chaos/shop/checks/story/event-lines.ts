import { formatCount } from '#chaos/checks/lib/format.ts'
import type { StoryLine } from '#chaos/contracts/check.ts'
import type { RunClock } from '#chaos/contracts/run-clock.ts'

import type { PaymentEvent } from '../../truth/truth.ts'
import type { OrderCase } from '../lib/order-cases.ts'

/** What happened to the charge at payments, and what the shop made of it. Empty without callbacks. */
export function eventLines(order: OrderCase, clock: RunClock): StoryLine[] {
  const types = new Map(order.paymentEvents.map(({ id, type }) => [id, type]))
  const happened = order.paymentEvents.map((event) => ({
    ms: clock.msOfWall(event.at),
    who: 'payments',
    text: `event ${event.sequence} of the charge happens: \`${event.type}\`; ${callbacksOf(event)}`,
  }))
  const recorded = order.receivedEvents.map(({ id, sequence, instance, at }) => ({
    ms: clock.msOfWall(at),
    who: instance,
    text: `records event ${sequence}, \`${types.get(id) ?? id}\``,
  }))
  const states = order.paymentStates.map(({ state, instance, at }) => ({
    ms: clock.msOfWall(at),
    who: instance,
    text: `sets the payment state to \`${state ?? 'none'}\``,
  }))
  return [...happened, ...recorded, ...states]
}

function callbacksOf({ attempts, deliveredAt, closed }: PaymentEvent): string {
  const sent = formatCount(attempts, 'callback')
  if (deliveredAt !== null) return `${sent}, the last one acknowledged`
  return closed ? `${sent}, then given up` : `${sent} without a success response`
}
