import { Pool } from 'undici'

import type { PaymentsClientConfig } from './config/payments-client-config.ts'
import { PaymentsError } from './payments-error.ts'

/** A line of payments' books, as payments reports it. */
export interface Charge {
  readonly id: string
  readonly orderId: string
  readonly idempotencyKey: string
  readonly amountCents: number
  readonly status: 'captured' | 'declined'
}

export interface ChargeRequest {
  readonly orderId: string
  readonly customer: string
  readonly amountCents: number
  /** Payments executes one charge per key, however often it receives the request. */
  readonly idempotencyKey: string
}

export interface PaymentMethod {
  readonly method: string
  readonly feeCents: number
}

/** Each method rejects with {@link PaymentsError}. */
export interface PaymentsClient {
  charge(request: ChargeRequest): Promise<Charge>
  /**
   * The charge under this key. Undefined if payments has none yet; a request in flight may still
   * change that.
   */
  findCharge(idempotencyKey: string): Promise<Charge | undefined>
  paymentMethods(amountCents: number, signal?: AbortSignal): Promise<readonly PaymentMethod[]>
  close(): Promise<void>
}

export function createPaymentsClient(config: PaymentsClientConfig): PaymentsClient {
  const { origin } = new URL(config.url)
  const pool = new Pool(origin, {
    // The default is unlimited: with a slow payments, every waiting request would open a new
    // connection.
    connections: config.connectionsMax,
    // The default is 10 s, longer than the callers wait.
    connectTimeout: config.timeoutMs,
    // The default is 5 minutes each, and the second one only limits the pause between two chunks.
    headersTimeout: config.timeoutMs,
    bodyTimeout: config.timeoutMs,
    // Shorter than payments' own keep-alive, so the client never sends on a connection that
    // payments is closing.
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 4_000,
  })

  async function call(
    request: { method: 'GET' | 'POST'; path: string; key?: string; body?: object },
    callerSignal?: AbortSignal,
  ): Promise<{ status: number; body: unknown }> {
    // undici has no timeout for the whole call.
    const timeout = AbortSignal.timeout(config.timeoutMs)
    const signal = callerSignal ? AbortSignal.any([timeout, callerSignal]) : timeout
    try {
      const response = await pool.request({
        method: request.method,
        path: request.path,
        signal,
        headers: {
          accept: 'application/json',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(request.key === undefined ? {} : { 'idempotency-key': request.key }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      })
      return { status: response.statusCode, body: await response.body.json() }
    } catch (error) {
      throw PaymentsError.noAnswer(error)
    }
  }

  return {
    async charge({ idempotencyKey, ...body }) {
      const answer = await call({ method: 'POST', path: '/charges', key: idempotencyKey, body })
      if (answer.status >= 300) throw PaymentsError.refused(answer.status, answer.body)
      return answer.body as Charge
    },
    async findCharge(key) {
      const path = `/charges/by-key/${encodeURIComponent(key)}`
      const answer = await call({ method: 'GET', path })
      if (answer.status === 404) return undefined
      if (answer.status >= 300) throw PaymentsError.refused(answer.status, answer.body)
      return answer.body as Charge
    },
    async paymentMethods(amountCents, signal) {
      const path = `/payment-methods?amountCents=${amountCents}`
      const answer = await call({ method: 'GET', path }, signal)
      if (answer.status >= 300) throw PaymentsError.refused(answer.status, answer.body)
      return (answer.body as { methods: readonly PaymentMethod[] }).methods
    },
    close: async () => await pool.destroy(),
  }
}
