import { createParser } from 'eventsource-parser'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { Agent, fetch as fetchThrough } from 'undici'

import type { ApiError } from '#chaos/contracts/api.ts'
import { JoinResponseSchema, PushSchema, ReportsResponseSchema } from '#chaos/contracts/workshop.ts'
import type { JoinBody, JoinResponse, Push, Report } from '#chaos/contracts/workshop.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'
import { streamText } from '#chaos/lib/http/stream-text.ts'

import { plainText } from '../plain-text.ts'
import { hostAheadMs, withLocalEnd } from './local-end.ts'

const timeoutMs = 10_000
/** Bytes of a response, and characters of one push. A host that sends more is not a workshop host. */
const responseMax = 2 * 1024 * 1024

export interface HostAccess {
  readonly url: string
  readonly token: string
}

/** Throws {@link InputError}: with the host's status, or 503 if it cannot be reached. */
export async function joinHost(
  url: string,
  body: JoinBody,
  signal: AbortSignal,
): Promise<JoinResponse> {
  const value = await callJson(url, '/api/join', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  })
  if (Check(JoinResponseSchema, value)) return value
  throw notAHost(url)
}

/** Returns the ids that are on the host's disk. */
export async function sendReports(
  { url, token }: HostAccess,
  reports: readonly Report[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const value = await callJson(url, '/api/member/reports', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ reports }),
    signal,
  })
  if (Check(ReportsResponseSchema, value)) return value.acknowledged
  throw notAHost(url)
}

export interface Receiving {
  readonly signal: AbortSignal
  /** Of this machine: the end of a timer is on it. */
  readonly clock: Pick<Clock, 'wallTimeMs'>
}

/** Everything that the host sent after this number. Other things than pushes are left out. */
export async function readPushes(
  { url, token }: HostAccess,
  after: number,
  { signal, clock }: Receiving,
): Promise<readonly Push[]> {
  let aheadMs = 0
  const value = await callJson(url, `/api/member/pushes?after=${after}`, {
    headers: { authorization: `Bearer ${token}` },
    signal,
    onResponse: ({ headers }) => {
      aheadMs = hostAheadMs(headers.get('date'), clock.wallTimeMs())
    },
  })
  if (!Check(Type.Array(Type.Unknown()), value)) throw notAHost(url)
  return value.filter((each) => Check(PushSchema, each)).map((push) => withLocalEnd(push, aheadMs))
}

/** The pushes after this number as they arrive, until the connection ends. */
export async function* streamPushes(
  { url, token }: HostAccess,
  after: number,
  { signal, clock }: Receiving,
): AsyncIterable<Push> {
  const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' }
  const path = `/api/member/stream?after=${after}`
  const response = await reach(url, signal, async () => await call(url, path, { headers, signal }))
  const aheadMs = hostAheadMs(response.headers.get('date'), clock.wallTimeMs())
  const ready: Push[] = []
  const parser = createParser({
    maxBufferSize: responseMax,
    onEvent: ({ data }) => {
      const push = parsed(data)
      if (Check(PushSchema, push)) ready.push(withLocalEnd(push, aheadMs))
    },
  })
  if (response.body === null) return
  for await (const text of streamText(response.body, signal)) {
    parser.feed(text)
    yield* ready.splice(0)
  }
}

interface Request extends RequestInit {
  readonly signal: AbortSignal
  readonly onResponse?: (response: Response) => void
}

/** The JSON of the response. Undefined: it is not JSON. */
async function callJson(url: string, path: string, request: Request): Promise<unknown> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)])
  return await reach(url, request.signal, async () =>
    readJson(await call(url, path, { ...request, signal }), signal),
  )
}

async function call(
  url: string,
  path: string,
  { onResponse, ...request }: Request,
): Promise<Response> {
  // A host that sends the learner's token elsewhere is not trusted.
  const response = await fetchFrom(url, path, { ...request, redirect: 'error' })
  onResponse?.(response)
  if (response.ok) return response
  throw await errorOf(url, response, request.signal)
}

/** A seat has no network. There the address of the host is a Unix socket: `unix:/run/host/http.sock`. */
export const socketScheme = 'unix:'

async function fetchFrom(url: string, path: string, init: RequestInit): Promise<Response> {
  if (!url.startsWith(socketScheme)) return await fetch(new URL(path, url), init)
  const agent = new Agent({
    connect: { socketPath: url.slice(socketScheme.length) },
    pipelining: 0,
  })
  const through = { ...init, dispatcher: agent } as Parameters<typeof fetchThrough>[1]
  return await fetchThrough(new URL(path, 'http://localhost'), through)
}

/** Throws {@link InputError} with status 503 if the host cannot be reached, or is too slow. */
async function reach<Result>(
  url: string,
  signal: AbortSignal,
  exchange: () => Promise<Result>,
): Promise<Result> {
  try {
    return await exchange()
  } catch (error) {
    if (signal.aborted || error instanceof InputError) throw error
    throw new InputError(`The workshop host ${url} does not respond: ${messageOf(error)}.`, {
      remedy:
        'Check the address. In Docker, use an address of the machine in your network, not 127.0.0.1.',
      status: 503,
    })
  }
}

async function readJson({ url, body }: Response, signal: AbortSignal): Promise<unknown> {
  let text = ''
  if (body === null) return undefined
  for await (const part of streamText(body, signal)) {
    text += part
    if (text.length > responseMax) throw notAHost(url)
  }
  return parsed(text)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function errorOf(url: string, response: Response, signal: AbortSignal): Promise<InputError> {
  const body = (await readJson(response, signal)) as Partial<ApiError> | undefined
  const { status } = response
  if (typeof body?.error !== 'string') return notAHost(url, status)
  return new InputError(shortened(plainText(body.error), 500), {
    ...(typeof body.remedy === 'string' && { remedy: shortened(plainText(body.remedy), 500) }),
    status,
  })
}

function notAHost(url: string, status = 502): InputError {
  return new InputError(`${url} is not a workshop host.`, {
    remedy: 'Use the address that `unhappy workshop host` prints.',
    status,
  })
}
