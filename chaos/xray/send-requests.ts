import { request } from 'node:http'

import type { Ack, AttemptSeen, ClientStart, FlowRequest } from '#chaos/contracts/system/flow.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { rejectionOn } from '#chaos/lib/signals/rejection-on.ts'

export interface ClientRun {
  readonly start: ClientStart
  readonly key: string
  /** Where the client sends the requests, one after the other. */
  readonly entries: readonly { readonly instance: string; readonly url: string }[]
  readonly timeoutMs: number
  readonly clock: Clock
  /** The first requests that it does not send: they had a success response before. Absent: none. */
  readonly skip?: number
  /** What the client does between two attempts; absent: nothing. */
  pause?(): Promise<void>
}

/** Sends the requests of a flow and returns what the client received. Never rejects. */
export async function sendRequests(run: ClientRun): Promise<Ack> {
  const { start, skip = 0 } = run
  const times = start.attempts ?? 1
  const all = start.call === undefined ? start.requests(run.key) : [start.call]
  const attempts: AttemptSeen[] = []
  const succeeded: boolean[] = []
  for (const one of all.slice(skip)) {
    const own: AttemptSeen[] = []
    for (let i = 0; i < times; i++) {
      const entry = run.entries[attempts.length % run.entries.length]
      if (entry === undefined) break
      if (attempts.length > 0) await run.pause?.()
      const attempt =
        typeof one === 'function'
          ? await callOnce(run, one, entry)
          : await attemptOnce(run, one, entry)
      own.push(attempt)
      attempts.push(attempt)
    }
    succeeded.push(own.some(({ outcome }) => outcome === 'ok'))
  }
  const failedAt = succeeded.indexOf(false)
  return {
    outcome: outcomeOfAll(succeeded, attempts),
    attempts,
    succeeded: skip + (failedAt === -1 ? succeeded.length : failedAt),
  }
}

function outcomeOfAll(
  succeeded: readonly boolean[],
  attempts: readonly AttemptSeen[],
): Ack['outcome'] {
  if (succeeded.every(Boolean)) return 'ok'
  return attempts.every(({ outcome }) => outcome === 'fail') ? 'fail' : 'unknown'
}

async function attemptOnce(
  { key, timeoutMs, clock }: ClientRun,
  one: FlowRequest,
  entry: { readonly instance: string; readonly url: string },
): Promise<AttemptSeen> {
  const startMs = clock.now()
  const response = await send(one, entry.url, key, timeoutMs)
  return {
    instance: entry.instance,
    startMs,
    endMs: clock.now(),
    result: response.status === undefined ? response.error : `${response.status}`,
    outcome: outcomeOf(response, one),
    ...(response.status === undefined ? {} : { status: response.status }),
    ...(response.status === undefined || response.status >= 300
      ? {}
      : { body: parse(response.body) }),
  }
}

/** Calls the function that plays the client. */
async function callOnce(
  { key, timeoutMs, clock }: ClientRun,
  call: NonNullable<ClientStart['call']>,
  { instance, url }: ClientRun['entries'][number],
): Promise<AttemptSeen> {
  const startMs = clock.now()
  const signal = AbortSignal.timeout(timeoutMs)
  const seen = (result: string, outcome: AttemptSeen['outcome']): AttemptSeen => {
    return { instance, startMs, endMs: clock.now(), result, outcome }
  }
  try {
    // It may ignore the signal.
    const body = await Promise.race([call({ id: key, url, signal }), rejectionOn(signal)])
    return typeof body === 'object' && body !== null
      ? { ...seen('success', 'ok'), body: body as NonNullable<AttemptSeen['body']> }
      : seen('success', 'ok')
  } catch (error) {
    const refused = (error as { refused?: unknown } | null)?.refused === true
    return seen(messageOf(error), refused ? 'fail' : 'unknown')
  }
}

type ClientResponse =
  | { readonly status: number; readonly body: string }
  | { readonly status?: undefined; readonly error: string }

/** Sends the request on a new connection, so that no request uses a connection of an earlier one. */
function send(
  { method, path, body, headers: own = {} }: FlowRequest,
  url: string,
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
      ...own,
      connection: 'close',
    }
    const sent = request(`${url}${path}`, { method, headers, agent: false })
    // Of the whole request: a response of which one byte arrives now and then has no end.
    const tooLong = (): void => {
      resolve({ error: 'timeout' })
      sent.destroy()
    }
    AbortSignal.timeout(timeoutMs).addEventListener('abort', tooLong, { once: true })
    sent.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ error: error.code ?? error.message })
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
function outcomeOf(response: ClientResponse, asked: FlowRequest): AttemptSeen['outcome'] {
  if (response.status === undefined) return response.error === 'ECONNREFUSED' ? 'fail' : 'unknown'
  if (asked.outcomeOf !== undefined) return asked.outcomeOf(response.status, parse(response.body))
  if (response.status < 300) return 'ok'
  const { definite } = parse(response.body)
  return definite === true || (response.status < 500 && definite !== false) ? 'fail' : 'unknown'
}

function parse(body: string): { readonly [name: string]: unknown } {
  try {
    return JSON.parse(body) as { readonly [name: string]: unknown }
  } catch {
    return {}
  }
}
