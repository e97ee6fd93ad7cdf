import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'
import type {
  ListedEvent,
  PaymentEventsClient,
} from '#services/lib/callbacks/payment-events-client.ts'
import type { Database } from '#services/lib/database.ts'
import type { Log } from '#services/lib/start/log.ts'

export interface CompareShop {
  readonly database: Database
  readonly payments: Pick<PaymentEventsClient, 'eventsAfter'>
  receive(event: PaymentEvent): Promise<void>
  readonly log: Log
  /** A younger event may still arrive by itself. */
  readonly afterMs: number
}

/** Pages of one round. The next round continues. */
const pagesMax = 10

/**
 * Creates one round: compares payments' list with the events that the shop has recorded, and receives those that are
 * missing, as if payments had just called. A callback may never come: payments gives up after some attempts.
 */
export function createEventComparison(shop: CompareShop): () => Promise<void> {
  /** The shop has every event up to this one. */
  let complete = 0

  async function comparePage(events: readonly ListedEvent[]): Promise<boolean> {
    const known = await recorded(shop.database, events)
    let allKnown = true
    for (const event of events) {
      const isYoung = Date.now() - Date.parse(event.at) < shop.afterMs
      if (known.has(event.id) || (!isYoung && (await receiveMissing(event, shop)))) continue
      allKnown = false
    }
    return allKnown
  }

  return async () => {
    let after = complete
    for (let page = 0; page < pagesMax; page++) {
      const { events, isLast } = await shop.payments.eventsAfter(after)
      const allKnown = await comparePage(events)
      const last = events.at(-1)?.number ?? after
      if (allKnown && after === complete) complete = last
      after = last
      if (isLast) return
    }
  }
}

/** The ids of those events that the shop has recorded. */
async function recorded(
  database: Database,
  events: readonly ListedEvent[],
): Promise<ReadonlySet<string>> {
  if (events.length === 0) return new Set()
  const { rows } = await database.query<{ id: string }>(
    'SELECT event_id AS id FROM payment_events WHERE event_id = ANY ($1)',
    [events.map(({ id }) => id)],
  )
  return new Set(rows.map(({ id }) => id))
}

/** One failing event must not block the others. */
async function receiveMissing(
  { number: _number, ...event }: ListedEvent,
  shop: CompareShop,
): Promise<boolean> {
  const { log } = shop
  const { id, type, orderId } = event
  try {
    await shop.receive(event)
    log.info({ id, type, orderId }, 'event of payments was missing')
    return true
  } catch (error) {
    log.warn({ err: error, id, type, orderId }, 'event of payments could not be received')
    return false
  }
}
