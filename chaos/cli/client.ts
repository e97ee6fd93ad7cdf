import { createParser } from 'eventsource-parser'

import { fromApiError } from '#chaos/api/api-error.ts'
import type { ApiError, SandboxFile } from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { LogLine } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

export interface ApiClient {
  readonly file: SandboxFile
  get<T>(path: string): Promise<T>
  /** Reads a file or a page as text. */
  text(path: string): Promise<string>
  /** Sends a request with the token. Returns undefined for a response without a body. */
  send<T>(method: 'POST' | 'DELETE' | 'PUT', path: string, body?: unknown): Promise<T>
  /** Every event after the number `after`, until a signal aborts. Reconnects after a lost connection and misses no event. */
  events(query: string, after: number, signal: AbortSignal): AsyncIterable<SandboxEvent>
  logs(instance: string, query: string, signal: AbortSignal): AsyncIterable<LogLine>
}

/** A client of one sandbox's controller. Throws an {@link InputError} for each error of the API, with its remedy. */
export function createApiClient(file: SandboxFile, clock: Clock, signal: AbortSignal): ApiClient {
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(new URL(path, file.url), { signal, ...init }).catch(
      (error: unknown) => {
        if (signal.aborted) throw error
        throw new InputError(`The sandbox at ${file.url} does not respond: ${messageOf(error)}.`, {
          remedy: 'See which sandboxes run: unhappy status',
          cause: error,
        })
      },
    )
    if (!response.ok) throw await errorOf(response)
    return response
  }
  return {
    file,
    get: async <T>(path: string) => (await (await call(path)).json()) as T,
    text: async (path) => (await call(path)).text(),
    send: async <T>(method: string, path: string, body?: unknown) => {
      const response = await call(path, {
        method,
        headers: {
          authorization: `Bearer ${file.token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return (text === '' ? undefined : JSON.parse(text)) as T
    },
    events: (query, after, ended) =>
      resumed(call, `/api/events${query}`, after, AbortSignal.any([signal, ended]), clock),
    async *logs(instance, query, ended) {
      const init = { signal: AbortSignal.any([signal, ended]) }
      const response = await call(
        `/api/instances/${encodeURIComponent(instance)}/logs${query}`,
        init,
      )
      for await (const message of messages(response)) yield JSON.parse(message.data) as LogLine
    },
  }
}

type Call = (path: string, init?: RequestInit) => Promise<Response>

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
      for await (const message of messages(response)) {
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

/** The messages of one stream of server-sent events, until it ends. */
async function* messages(response: Response): AsyncIterable<{ readonly data: string }> {
  const ready: { readonly data: string }[] = []
  const parser = createParser({ onEvent: (event) => void ready.push(event) })
  if (response.body === null) return
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
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
    // The response is not from the controller. The error below shows its text.
  }
  return new InputError(
    `${response.url} responded with status ${response.status}: ${text.slice(0, 200)}`,
    {
      status: response.status,
    },
  )
}
