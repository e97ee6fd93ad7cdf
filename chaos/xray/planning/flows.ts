import { request } from 'node:http'

import type { Clock } from '#chaos/lib/clock.ts'

/** The flows that can be X-rayed: what the client sends. */
export const flows = {
  'place-order': 'Place one order; the client does not retry.',
  'retry-order':
    'Send the same order twice with the same idempotency key, as after a lost response.',
} as const
export type FlowName = keyof typeof flows

export function isFlow(name: string): name is FlowName {
  return Object.hasOwn(flows, name)
}

/** What the client has received when all attempts are over. */
export interface Ack {
  readonly outcome: 'ok' | 'fail' | 'unknown'
  readonly attempts: readonly AttemptSeen[]
  /** Ids of the order in the responses. */
  readonly orderIds: readonly string[]
}

export interface AttemptSeen {
  readonly instance: string
  readonly startMs: number
  readonly endMs: number
  /** `201`, `timeout`, `ECONNRESET` */
  readonly result: string
  readonly outcome: 'ok' | 'fail' | 'unknown'
}

export interface FlowRun {
  readonly flow: FlowName
  readonly key: string
  /** Where the client sends the request, in the order of its attempts. */
  readonly entries: readonly { readonly instance: string; readonly url: string }[]
  readonly timeoutMs: number
  readonly clock: Clock
  readonly order: { readonly sku: string; readonly quantity: number; readonly customer: string }
  /** What the client does between two attempts; absent: nothing. */
  pause?(): Promise<void>
}

/** Sends the requests of the flow and returns what the client received. Never rejects. */
export async function runFlow(run: FlowRun): Promise<Ack> {
  const times = run.flow === 'retry-order' ? 2 : 1
  const attempts: AttemptSeen[] = []
  const orderIds = new Set<string>()
  for (let i = 0; i < times; i++) {
    const entry = run.entries[i % run.entries.length]
    if (entry === undefined) break
    if (i > 0) await run.pause?.()
    const { attempt, orderId } = await attemptOnce(run, entry)
    attempts.push(attempt)
    if (orderId !== undefined) orderIds.add(orderId)
  }
  const outcomes = attempts.map(({ outcome }) => outcome)
  // One success response is enough for `ok`. `fail` needs a refusal of every attempt.
  const outcome = outcomes.includes('ok') ? 'ok' : outcomes.includes('unknown') ? 'unknown' : 'fail'
  return { outcome, attempts, orderIds: [...orderIds] }
}

async function attemptOnce(
  { key, order, timeoutMs, clock }: FlowRun,
  entry: { readonly instance: string; readonly url: string },
): Promise<{ attempt: AttemptSeen; orderId?: string }> {
  const startMs = clock.now()
  const response = await post(`${entry.url}/orders`, key, JSON.stringify(order), timeoutMs)
  const attempt = {
    instance: entry.instance,
    startMs,
    endMs: clock.now(),
    result: response.status === undefined ? response.error : `${response.status}`,
    outcome: outcomeOf(response),
  }
  const orderId = response.status === undefined ? undefined : orderIdIn(response.body)
  return orderId === undefined ? { attempt } : { attempt, orderId }
}

type ClientResponse =
  | { readonly status: number; readonly body: string }
  | { readonly status?: undefined; readonly error: string }

/** Sends the request on a new connection, so that no order uses a connection of an earlier one. */
function post(url: string, key: string, body: string, timeoutMs: number): Promise<ClientResponse> {
  return new Promise((resolve) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'idempotency-key': key,
      connection: 'close',
    }
    const sent = request(url, { method: 'POST', headers, agent: false })
    sent.setTimeout(timeoutMs, () => sent.destroy(new Error('timeout')))
    sent.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ error: error.message === 'timeout' ? 'timeout' : (error.code ?? error.message) })
    })
    sent.on('response', (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', (error: NodeJS.ErrnoException) => {
        resolve({ error: error.code ?? error.message })
      })
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() })
      })
    })
    sent.end(body)
  })
}

/** An error response is a refusal only if it states that nothing happened. */
function outcomeOf(response: ClientResponse): AttemptSeen['outcome'] {
  if (response.status === undefined) return response.error === 'ECONNREFUSED' ? 'fail' : 'unknown'
  if (response.status < 300) return 'ok'
  const { definite } = parse(response.body)
  return definite === true || (response.status < 500 && definite !== false) ? 'fail' : 'unknown'
}

function orderIdIn(body: string): string | undefined {
  const { orderId } = parse(body)
  return typeof orderId === 'string' ? orderId : undefined
}

function parse(body: string): { readonly [name: string]: unknown } {
  try {
    return JSON.parse(body) as { readonly [name: string]: unknown }
  } catch {
    return {}
  }
}
