import { Pool } from 'undici'

import { backoffMs } from '#services/lib/backoff.ts'
import { signatureHeader, signCallback } from '#services/lib/callbacks/payment-event.ts'
import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'
import type { Log } from '#services/lib/start/log.ts'

import type { EventLog, LoggedEvent } from './event-log.ts'

export interface CallbackConfig {
  /** The shop receives `POST /payment-events` there. */
  readonly url: string
  /** Signs each callback. */
  readonly secret: string
  /** Limit for one delivery. */
  readonly timeoutMs: number
  /** Deliveries at the same time, so their sequence is not guaranteed. */
  readonly runningMax: number
  /** Payments gives an event up after this many deliveries. It stays in the list. */
  readonly attemptsMax: number
  readonly backoffMs: number
  readonly backoffMaxMs: number
}

export interface EventDelivery {
  /** Call it after a change of the log: it looks for what is due, and sets its timer. */
  wake(): void
  /** Starts no further delivery. Resolves when the current ones have ended. */
  stop(): Promise<void>
}

/**
 * Calls the shop back about each event until a delivery succeeds: at least once, in any sequence.
 * There is one timer, for the next event that is due, and none while nothing is planned.
 */
export function deliverEvents(events: EventLog, config: CallbackConfig, log: Log): EventDelivery {
  const pool = new Pool(new URL(config.url).origin, {
    connections: config.runningMax,
    connectTimeout: config.timeoutMs,
    headersTimeout: config.timeoutMs,
    bodyTimeout: config.timeoutMs,
    // Shorter than the keep-alive of the shop.
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 4_000,
  })
  const running = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  async function post({ id, type, chargeId, orderId, amountCents, sequence, at }: PaymentEvent) {
    const body = JSON.stringify({ id, type, chargeId, orderId, amountCents, sequence, at })
    const { statusCode, body: answer } = await pool.request({
      method: 'POST',
      path: '/payment-events',
      signal: AbortSignal.timeout(config.timeoutMs),
      headers: {
        'content-type': 'application/json',
        [signatureHeader]: signCallback(config.secret, body, Date.now()),
      },
      body,
    })
    await answer.dump()
    if (statusCode < 200 || statusCode >= 300) throw new Error(`the shop said ${statusCode}`)
  }

  async function deliver(event: LoggedEvent): Promise<void> {
    try {
      await post(event)
      events.delivered(event.number)
    } catch (error) {
      const { id, type, orderId, attempts } = event
      const givesUp = attempts >= config.attemptsMax
      const { backoffMs: baseMs, backoffMaxMs: maxMs } = config
      // At least half of the time: an attempt right after the previous one would only be wasted.
      const waitMs = backoffMs({ baseMs, maxMs }, attempts - 1, () => (1 + Math.random()) / 2)
      events.failed(event.number, givesUp ? undefined : Date.now() + waitMs)
      log[givesUp ? 'warn' : 'debug']({ err: error, id, type, orderId, attempts }, 'not delivered')
    }
  }

  function look(): void {
    if (stopped) return
    clearTimeout(timer)
    const nowMs = Date.now()
    events.happen(nowMs)
    // Longer than a delivery can take: only an event whose delivery a crash ended is taken again.
    const againMs = nowMs + 2 * config.timeoutMs + 1_000
    for (const event of events.takeDue(nowMs, config.runningMax - running.size, againMs)) {
      const delivery = deliver(event).finally(() => {
        running.delete(delivery)
        look()
      })
      running.add(delivery)
    }
    // At the limit, the end of a delivery looks again.
    const nextMs = running.size < config.runningMax ? events.nextMs() : undefined
    if (nextMs === undefined) return
    timer = setTimeout(look, Math.min(Math.max(0, nextMs - nowMs), timerMaxMs))
  }

  return {
    wake: look,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await Promise.all(running)
      await pool.destroy()
    },
  }
}

const timerMaxMs = 60_000
