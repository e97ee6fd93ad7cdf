import { request } from 'node:http'

import type { Clock } from '#chaos/lib/clock.ts'

/** The flows that can be X-rayed: what the client sends. */
export const flows = {
  'place-order': 'Place one order; the client does not retry.',
  'retry-order':
    'Send the same order twice with the same idempotency key, as after a lost response.',
  browse: 'Read a product that is not in the cache; then read it again, from another instance.',
  quote: 'Request one quote.',
  reconcile:
    'A confirmed order that the queue has lost: the reconciler finds it in its next round.',
} as const
export type FlowName = keyof typeof flows

export function isFlow(name: string): name is FlowName {
  return Object.hasOwn(flows, name)
}

/** The operation that each request of the flow belongs to, in their order. */
const operations: Readonly<Record<FlowName, readonly FlowOperation[]>> = {
  'place-order': ['place-order'],
  'retry-order': ['place-order', 'place-order'],
  browse: ['browse', 'browse'],
  quote: ['quote'],
  // No client takes part.
  reconcile: [],
}
export type FlowOperation = 'place-order' | 'browse' | 'quote'

/** Links that a flow can do without: the shop owes a success response when they fail. */
const optionalLinks: Readonly<Partial<Record<FlowName, readonly string[]>>> = {
  browse: ['api:redis'],
  quote: ['api:payments'],
}

/** Whether the flow must succeed without this link between two services. */
export function isOptional(flow: FlowName, serviceLink: string): boolean {
  return optionalLinks[flow]?.includes(serviceLink) === true
}

/** What the requests of the flow are. A flow without requests is about an order. */
export function operationOf(flow: FlowName): FlowOperation {
  return operations[flow][0] ?? 'place-order'
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
  /** Absent without a response. */
  readonly status?: number
  /** The JSON object of a success response; absent if there is none. */
  readonly body?: Readonly<Record<string, unknown>>
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
  const attempts: AttemptSeen[] = []
  const orderIds = new Set<string>()
  for (const [i, operation] of operations[run.flow].entries()) {
    const entry = run.entries[i % run.entries.length]
    if (entry === undefined) break
    if (i > 0) await run.pause?.()
    const { attempt, orderId } = await attemptOnce(run, operation, entry)
    attempts.push(attempt)
    if (orderId !== undefined) orderIds.add(orderId)
  }
  const outcomes = attempts.map(({ outcome }) => outcome)
  return { outcome: outcomeOfAll(run.flow, outcomes), attempts, orderIds: [...orderIds] }
}

/** One success response is enough for an order. Each read is an operation of its own. `fail` needs a refusal of every attempt. */
function outcomeOfAll(flow: FlowName, outcomes: readonly Ack['outcome'][]): Ack['outcome'] {
  const isDone =
    operationOf(flow) === 'place-order'
      ? outcomes.includes('ok')
      : outcomes.every((outcome) => outcome === 'ok')
  if (isDone) return 'ok'
  return outcomes.every((outcome) => outcome === 'fail') ? 'fail' : 'unknown'
}

async function attemptOnce(
  { key, order, timeoutMs, clock }: FlowRun,
  operation: FlowOperation,
  entry: { readonly instance: string; readonly url: string },
): Promise<{ attempt: AttemptSeen; orderId?: string }> {
  const startMs = clock.now()
  const response = await send(requestOf(operation, entry.url, order), key, timeoutMs)
  const attempt = {
    instance: entry.instance,
    startMs,
    endMs: clock.now(),
    result: response.status === undefined ? response.error : `${response.status}`,
    outcome: outcomeOf(response),
    ...(response.status === undefined ? {} : { status: response.status }),
    ...(response.status === undefined || response.status >= 300
      ? {}
      : { body: parse(response.body) }),
  }
  const orderId = response.status === undefined ? undefined : orderIdIn(response.body)
  return orderId === undefined ? { attempt } : { attempt, orderId }
}

type ClientResponse =
  | { readonly status: number; readonly body: string }
  | { readonly status?: undefined; readonly error: string }

interface ClientRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly body?: unknown
}

function requestOf(
  operation: FlowOperation,
  url: string,
  { sku, quantity, customer }: FlowRun['order'],
): ClientRequest {
  if (operation === 'browse') return { method: 'GET', url: `${url}/products/${sku}` }
  if (operation === 'quote')
    return { method: 'POST', url: `${url}/quotes`, body: { sku, quantity } }
  return { method: 'POST', url: `${url}/orders`, body: { sku, quantity, customer } }
}

/** Sends the request on a new connection, so that no request uses a connection of an earlier one. */
function send(
  { method, url, body }: ClientRequest,
  key: string,
  timeoutMs: number,
): Promise<ClientResponse> {
  return new Promise((resolve) => {
    const text = body === undefined ? '' : JSON.stringify(body)
    const headers = {
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      'idempotency-key': key,
      connection: 'close',
    }
    const sent = request(url, { method, headers, agent: false })
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
    sent.end(text)
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
