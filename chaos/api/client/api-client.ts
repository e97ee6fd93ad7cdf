import { createParser } from 'eventsource-parser'

import type { ApiError, SandboxFile } from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { LogLine } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { streamText } from '#chaos/lib/http/stream-text.ts'

import { apiCalls } from './api-calls.ts'
import type { ApiCalls, SendRequest } from './api-calls.ts'
import { fromApiError } from './from-api-error.ts'

export interface ApiClient extends ApiCalls {
  readonly file: SandboxFile
  /**
   * Events with a number above `after`, until the signal aborts. The client reconnects after a lost connection and
   * continues after the last event that it received.
   */
  events(query: EventQuery, after: number, signal: AbortSignal): AsyncIterable<SandboxEvent>
  /** Lines of an instance's log; with `follow`, until the signal aborts. */
  logs(instance: string, query: LogQuery, signal: AbortSignal): AsyncIterable<LogLine>
}

export interface EventQuery {
  /** Only events of this run. */
  readonly run?: string
  /** Only events of these types. */
  readonly types?: readonly SandboxEvent['type'][]
}

export interface LogQuery {
  /** How many lines from the end of the log come first. */
  readonly tail?: number
  /** Go on with new lines. */
  readonly follow?: boolean
}

/** A client of one sandbox's controller, for Node. An error response rejects with an {@link InputError} and its remedy. */
export function createApiClient(file: SandboxFile, clock: Clock, signal: AbortSignal): ApiClient {
  const call: Call = async (path, init = {}) => {
    const headers = { ...init.headers, authorization: `Bearer ${file.token}` }
    const response = await fetch(new URL(path, file.url), { signal, ...init, headers }).catch(
      (error: unknown) => {
        if (signal.aborted) throw error
        throw new InputError(`The sandbox at ${file.url} does not respond: ${messageOf(error)}.`, {
          remedy: 'List the running sandboxes: unhappy status',
          cause: error,
        })
      },
    )
    if (!response.ok) throw await errorOf(response)
    return response
  }
  const send: SendRequest = async <T>(method: string, path: string, body?: unknown) => {
    const response = await call(path, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  return {
    ...apiCalls(send),
    file,
    events: ({ run, types }, after, ended) => {
      const query = queryOf({ run, types: types?.join(',') })
      return resumed(call, `/api/events${query}`, after, AbortSignal.any([signal, ended]), clock)
    },
    async *logs(instance, query, ended) {
      const path = `/api/instances/${encodeURIComponent(instance)}/logs${queryOf({ ...query })}`
      const both = AbortSignal.any([signal, ended])
      const response = await call(path, { signal: both })
      for await (const message of messages(response, both))
        yield JSON.parse(message.data) as LogLine
    },
  }
}

function queryOf(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

type Call = (path: string, init?: CallInit) => Promise<Response>

interface CallInit extends Omit<RequestInit, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>
}

const reconnectAfterMs = 250
const reconnectsMax = 20

async function* resumed(
  call: Call,
  path: string,
  after: number,
  signal: AbortSignal,
  clock: Clock,
): AsyncIterable<SandboxEvent> {
  let last = after
  let failures = 0
  while (!signal.aborted) {
    try {
      const response = await call(path, { signal, headers: { 'last-event-id': String(last) } })
      for await (const message of messages(response, signal)) {
        const event = JSON.parse(message.data) as SandboxEvent
        last = event.seq
        failures = 0
        yield event
      }
    } catch (error) {
      if (signal.aborted) return
      if (++failures > reconnectsMax) throw error
    }
    await clock.sleep(reconnectAfterMs, signal).catch(() => undefined)
  }
}

/** The messages of one server-sent stream, until it ends. */
async function* messages(
  response: Response,
  signal: AbortSignal,
): AsyncIterable<{ readonly data: string }> {
  const ready: { readonly data: string }[] = []
  const parser = createParser({ onEvent: (event) => void ready.push(event) })
  if (response.body === null) return
  for await (const text of streamText(response.body, signal)) {
    parser.feed(text)
    yield* ready.splice(0)
  }
}

async function errorOf(response: Response): Promise<InputError> {
  const text = await response.text()
  try {
    const body = JSON.parse(text) as ApiError
    if (typeof body.error === 'string') return fromApiError(body)
  } catch {
    // The response is not from a controller: the error below quotes it.
  }
  return new InputError(
    `${response.url} responded with status ${response.status}: ${text.slice(0, 200)}`,
    { status: response.status },
  )
}
