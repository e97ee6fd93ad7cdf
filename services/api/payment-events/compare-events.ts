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
  /** An event that is missing for a shorter time may still arrive by itself. */
  readonly afterMs: number
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
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
  /** Where the next round continues, so that an event that can never be received does not hide later ones. */
  let next = 0
  const missing = recordMissing(shop.now)

  async function comparePage(events: readonly ListedEvent[]): Promise<boolean> {
    const known = await recorded(shop.database, events)
    let allKnown = true
    for (const event of events) {
      if (known.has(event.id)) continue
      const isYoung = missing.forMs(event.id) < shop.afterMs
      if (!isYoung && (await receiveMissing(event, shop))) continue
      allKnown = false
    }
    return allKnown
  }

  return async () => {
    let after = next
    for (let page = 0; page < pagesMax; page++) {
      const { events, isLast } = await shop.payments.eventsAfter(after)
      const allKnown = await comparePage(events)
      const last = events.at(-1)?.number ?? after
      if (allKnown && after === complete) complete = last
      after = last
      next = isLast ? complete : last
      if (!isLast) continue
      missing.endPass()
      return
    }
  }
}

/**
 * How long events have been missing, by the shop's own clock. The time stamp of an event is from payments' clock, which can
 * be minutes ahead: an event would then count as young for minutes.
 */
function recordMissing(now: () => number) {
  let earlier = new Map<string, number>()
  let current = new Map<string, number>()
  return {
    forMs: (id: string): number => {
      const since = current.get(id) ?? earlier.get(id) ?? now()
      current.set(id, since)
      return now() - since
    },
    /** Forgets the events that this pass over the list did not miss. */
    endPass: (): void => {
      earlier = current
      current = new Map()
    },
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
