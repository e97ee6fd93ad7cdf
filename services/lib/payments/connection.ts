import { Pool } from 'undici'

import type { PaymentsClientConfig } from '../config/payments-client-config.ts'
import { jsonOf } from '../parsing/parser.ts'
import { PaymentsError } from '../payments-error.ts'
import { noTelemetry } from '../telemetry/telemetry.ts'
import type { OpenSpan, SpanStart, Telemetry } from '../telemetry/telemetry.ts'

/** What arrived from payments, or from a process that answered instead of payments. */
export interface PaymentsAnswer {
  readonly status: number
  /** Names are in lower case. A header that was sent several times has several values. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The parsed JSON. The text of the body, if it is not JSON: a page, half an object, nothing. */
  readonly body: unknown
}

export interface PaymentsRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly key?: string
  readonly body?: object
}

/** Sends requests to payments. */
export interface PaymentsConnection {
  /** Rejects with {@link PaymentsError} if no complete response arrives in time. */
  call(request: PaymentsRequest, signal?: AbortSignal): Promise<PaymentsAnswer>
  close(): Promise<void>
}

/** Responses of payments are below one kilobyte. */
const bodyBytesMax = 1_000_000

export function connectToPayments(
  config: PaymentsClientConfig,
  telemetry: Telemetry = noTelemetry,
): PaymentsConnection {
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
    // The default is unlimited: an endless body would fill the memory.
    maxResponseSize: bodyBytesMax,
  })

  async function send(
    request: PaymentsRequest,
    callerSignal: AbortSignal | undefined,
    span: OpenSpan,
  ): Promise<PaymentsAnswer> {
    // undici has no timeout for the whole call.
    const timeout = AbortSignal.timeout(config.timeoutMs)
    const signal = callerSignal ? AbortSignal.any([timeout, callerSignal]) : timeout
    try {
      const traceparent = telemetry.traceparent()
      const response = await pool.request({
        method: request.method,
        path: request.path,
        signal,
        headers: {
          accept: 'application/json',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(request.key === undefined ? {} : { 'idempotency-key': request.key }),
          ...(traceparent === undefined ? {} : { traceparent }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      })
      const text = await response.body.text()
      const { statusCode: status, headers } = response
      span.add({ 'http.response.status_code': status })
      const json = jsonOf(text)
      return { status, headers, body: json === undefined ? text : json }
    } catch (error) {
      throw PaymentsError.noAnswer(error)
    }
  }

  return {
    call: async (request, callerSignal) =>
      await telemetry.inSpan(
        () => startOf(request, config.url),
        async (span) => await send(request, callerSignal, span),
      ),
    close: async () => await pool.destroy(),
  }
}

function startOf({ method, path, key }: PaymentsRequest, url: string): SpanStart {
  const { hostname, port, origin } = new URL(url)
  const template = path.replace(/\?.*/, '').replace(/(?<=\/by-key\/).*/, '{key}')
  return {
    name: `${method} ${template}`,
    kind: 'client',
    attemptAt: `${method} ${path} ${key ?? ''}`,
    attributes: {
      'http.request.method': method,
      'url.full': `${origin}${path}`,
      'url.template': template,
      'server.address': hostname,
      'server.port': Number(port),
      ...(key === undefined ? {} : { 'shop.idempotency_key': key }),
    },
  }
}
