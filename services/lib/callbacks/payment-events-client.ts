import { createParser } from '../parsing/parser.ts'
import { throwIfRefused, unreadable } from '../payments-client.ts'
import type { PaymentsConnection } from '../payments/connection.ts'
import { paymentEventSchema } from './payment-event.ts'
import type { PaymentEvent } from './payment-event.ts'

/** An event with its position in payments' list. */
export interface ListedEvent extends PaymentEvent {
  readonly number: number
}

export interface EventsPage {
  /** In the sequence in which they happened. */
  readonly events: readonly ListedEvent[]
  /** No event comes after this page yet. */
  readonly isLast: boolean
}

/** Reads payments' list of events. Each method rejects with a PaymentsError. */
export interface PaymentEventsClient {
  /** The events after this number, at most 100. */
  eventsAfter(number: number): Promise<EventsPage>
  /** All events of one charge. */
  eventsOf(chargeId: string): Promise<readonly PaymentEvent[]>
}

const parsePage = createParser<EventsPage>({
  type: 'object',
  required: ['events', 'isLast'],
  properties: {
    isLast: { type: 'boolean' },
    events: {
      type: 'array',
      items: {
        ...paymentEventSchema,
        required: [...paymentEventSchema.required, 'number'],
        properties: { ...paymentEventSchema.properties, number: { type: 'integer', minimum: 1 } },
      },
    },
  },
})

export function createPaymentEventsClient({
  call,
}: Pick<PaymentsConnection, 'call'>): PaymentEventsClient {
  async function list(query: string): Promise<EventsPage> {
    const answer = await call({ method: 'GET', path: `/events?${query}` })
    throwIfRefused(answer)
    const page = parsePage(answer.body)
    if (page === undefined) throw unreadable(answer, 'a list of events')
    return page
  }
  return {
    eventsAfter: async (number) => await list(`after=${number}`),
    // A charge has three events at most, or a few more with refunds in parts: one page.
    eventsOf: async (chargeId) =>
      (await list(`chargeId=${encodeURIComponent(chargeId)}`)).events.filter(
        (event) => event.chargeId === chargeId,
      ),
  }
}
