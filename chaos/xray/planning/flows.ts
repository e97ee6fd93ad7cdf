import { request } from 'node:http'

import type { Clock } from '#chaos/lib/clock.ts'

/** What a customer does. */
export const flows = {
  'place-order': 'One order is placed; the client does not try again.',
  'retry-order': 'The same order is sent twice with the same key, as after a lost answer.',
} as const
export type FlowName = keyof typeof flows

export function isFlow(name: string): name is FlowName {
  return Object.hasOwn(flows, name)
}

/** What the client knows at the end. */
export interface Ack {
  readonly outcome: 'ok' | 'fail' | 'unknown'
  readonly attempts: readonly AttemptSeen[]
  /** Ids of the order, as the answers told them. */
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
  /** Where the client enters, in the order in which it tries. */
  readonly entries: readonly { readonly instance: string; readonly url: string }[]
  readonly timeoutMs: number
  readonly clock: Clock
  readonly order: { readonly sku: string; readonly quantity: number; readonly customer: string }
  /** What the client does between two attempts; nothing when absent. */
  pause?(): Promise<void>
}

/** Does what the flow says, and tells what the client saw. Never rejects. */
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
  // An answer to a retry acknowledges; only when all were refused has it surely not happened.
  const outcome = outcomes.includes('ok') ? 'ok' : outcomes.includes('unknown') ? 'unknown' : 'fail'
  return { outcome, attempts, orderIds: [...orderIds] }
}

async function attemptOnce(
  { key, order, timeoutMs, clock }: FlowRun,
  entry: { readonly instance: string; readonly url: string },
): Promise<{ attempt: AttemptSeen; orderId?: string }> {
  const startMs = clock.now()
  const answer = await post(`${entry.url}/orders`, key, JSON.stringify(order), timeoutMs)
  const attempt = {
    instance: entry.instance,
    startMs,
    endMs: clock.now(),
    result: answer.status === undefined ? answer.error : `${answer.status}`,
    outcome: outcomeOf(answer),
  }
  const orderId = answer.status === undefined ? undefined : orderIdIn(answer.body)
  return orderId === undefined ? { attempt } : { attempt, orderId }
}

type Answer =
  | { readonly status: number; readonly body: string }
  | { readonly status?: undefined; readonly error: string }

/** On a connection of its own, so that no order meets what an earlier one left. */
function post(url: string, key: string, body: string, timeoutMs: number): Promise<Answer> {
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

/** A refusal counts as one only when it promises that nothing happened. */
function outcomeOf(answer: Answer): AttemptSeen['outcome'] {
  if (answer.status === undefined) return answer.error === 'ECONNREFUSED' ? 'fail' : 'unknown'
  if (answer.status < 300) return 'ok'
  const { definite } = parse(answer.body)
  return definite === true || (answer.status < 500 && definite !== false) ? 'fail' : 'unknown'
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
