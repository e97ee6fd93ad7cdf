import { EventSourceParserStream } from 'eventsource-parser/stream'

import type { Clock } from '#chaos/lib/clock.ts'

import type { DataPlaneEvent } from '../plane/event-hub.ts'
import type { Requester } from './requester.ts'

export interface EventsOptions {
  readonly url: string
  readonly clock: Clock
  readonly deadAfterMs: number
  readonly request: Requester
  readonly signal: AbortSignal
}

const reconnectMs = 250

/**
 * Events from now on, until the signal aborts (then it just ends). While it runs it beats: when this process dies, stops
 * or loses its way, the data plane hears nothing and heals.
 */
export async function* dataPlaneEvents(options: EventsOptions): AsyncGenerator<DataPlaneEvent> {
  const { signal, clock } = options
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const beating = beat({ ...options, signal: either })
  let lastId: string | undefined
  try {
    while (!signal.aborted) {
      try {
        for await (const { id, event } of connect({ ...options, signal: either }, lastId)) {
          lastId = id
          if (event !== undefined) yield event
        }
      } catch (error) {
        if (!signal.aborted && !(error instanceof Unreachable)) throw error
      }
      await clock.sleep(reconnectMs, signal).catch(() => {})
    }
  } finally {
    stop.abort()
    await beating
  }
}

class Unreachable extends Error {}

async function* connect(
  { url, signal }: EventsOptions,
  lastId: string | undefined,
): AsyncGenerator<{ id: string; event: DataPlaneEvent | undefined }> {
  const headers: Record<string, string> = lastId === undefined ? {} : { 'last-event-id': lastId }
  const response = await fetch(`${url.replace(/\/$/, '')}/events`, { headers, signal }).catch(
    (error: unknown) => {
      throw new Unreachable('no event stream', { cause: error })
    },
  )
  if (!response.ok || response.body === null)
    throw new Unreachable(`the event stream answered ${response.status}`)
  // Where the stream begins, so that what happens before the first event is not missed when it breaks off.
  const begin = response.headers.get('x-last-event-id')
  if (begin !== null && lastId === undefined) yield { id: begin, event: undefined }
  const messages = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
  const reader = messages.getReader()
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new Unreachable('the event stream broke off', { cause: error })
    })
    if (done) return
    yield { id: value.id ?? '', event: JSON.parse(value.data) as DataPlaneEvent }
  }
}

/** Beats eight times as often as it must. A beat that fails is no harm: the next one may arrive. */
async function beat({ request, clock, deadAfterMs, signal }: EventsOptions): Promise<void> {
  while (!signal.aborted) {
    // Not waited for: a beat that gets stuck must not hold the next one up.
    request('POST', '/heartbeat', { deadAfterMs }).catch(() => {})
    await clock.sleep(deadAfterMs / 8, signal).catch(() => {})
  }
}
