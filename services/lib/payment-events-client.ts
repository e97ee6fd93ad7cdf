import { Pool } from 'undici'

import type { PaymentsClientConfig } from './config/payments-client-config.ts'
import { readPaymentEvent } from './payment-event.ts'
import type { PaymentEvent } from './payment-event.ts'
import { PaymentsError } from './payments-error.ts'

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

/** Reads payments' list of events. Each method rejects with {@link PaymentsError}. */
export interface PaymentEventsClient {
  /** The events after this number, at most 100. */
  eventsAfter(number: number): Promise<EventsPage>
  /** All events of one charge. */
  eventsOf(chargeId: string): Promise<readonly PaymentEvent[]>
  close(): Promise<void>
}

/** Connects at the first call: most shops never read the list. */
export function createPaymentEventsClient(config: PaymentsClientConfig): PaymentEventsClient {
  let pool: Pool | undefined
  const open = (): Pool =>
    new Pool(new URL(config.url).origin, {
      connections: Math.min(4, config.connectionsMax),
      connectTimeout: config.timeoutMs,
      // Shorter than payments' own keep-alive, so the client never sends on a connection that
      // payments is closing.
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 4_000,
    })

  async function list(query: string): Promise<EventsPage> {
    pool ??= open()
    const answer = await get(pool, `/events?${query}`, config.timeoutMs)
    if (answer.status >= 300) throw PaymentsError.refused(answer.status, answer.body)
    const page = readPage(answer.body)
    if (page === undefined)
      throw PaymentsError.noAnswer(new Error('The response is not a list of events.'))
    return page
  }

  return {
    eventsAfter: async (number) => await list(`after=${number}`),
    // A charge has three events at most, or a few more with refunds in parts: one page.
    eventsOf: async (chargeId) =>
      (await list(`chargeId=${encodeURIComponent(chargeId)}`)).events.filter(
        (event) => event.chargeId === chargeId,
      ),
    close: async () => await pool?.destroy(),
  }
}

async function get(
  pool: Pool,
  path: string,
  timeoutMs: number,
): Promise<{ readonly status: number; readonly body: unknown }> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await pool.request({ method: 'GET', path, signal })
    return { status: response.statusCode, body: await response.body.json() }
  } catch (error) {
    throw PaymentsError.noAnswer(error)
  }
}

/** Undefined if the body, or one of its events, is something else. */
function readPage(body: unknown): EventsPage | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { events: listed, isLast } = body as Record<string, unknown>
  if (!Array.isArray(listed) || typeof isLast !== 'boolean') return undefined
  const events = listed.flatMap((each: unknown) => {
    const event = readPaymentEvent(each)
    const number: unknown = (each as { number?: unknown } | null)?.number
    return event === undefined || !Number.isSafeInteger(number)
      ? []
      : [{ ...event, number: Number(number) }]
  })
  return events.length === listed.length ? { events, isLast } : undefined
}
