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
  /** Called when a stream begins that is not the first one. */
  readonly onReconnect?: (() => void) | undefined
}

const reconnectMs = 250

/**
 * The events from now on. The generator ends when the signal aborts. While it runs, it sends heartbeats. If this process
 * dies or freezes, the heartbeats stop and the data plane heals by itself.
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
  { url, signal, onReconnect }: EventsOptions,
  lastId: string | undefined,
): AsyncGenerator<{ id: string; event: DataPlaneEvent | undefined }> {
  const headers: Record<string, string> = lastId === undefined ? {} : { 'last-event-id': lastId }
  const response = await fetch(`${url.replace(/\/$/, '')}/events`, { headers, signal }).catch(
    (error: unknown) => {
      throw new Unreachable('no event stream', { cause: error })
    },
  )
  if (!response.ok || response.body === null)
    throw new Unreachable(`the event stream returned ${response.status}`)
  // The id at the start of the stream. If the stream breaks before its first event, the next stream starts from this id.
  const begin = response.headers.get('x-last-event-id')
  if (begin !== null && lastId === undefined) yield { id: begin, event: undefined }
  if (lastId !== undefined) onReconnect?.()
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

/** Sends eight heartbeats in each `deadAfterMs`, so single lost heartbeats do no harm. */
async function beat({ request, clock, deadAfterMs, signal }: EventsOptions): Promise<void> {
  while (!signal.aborted) {
    // Not awaited: a request that hangs must not delay the next heartbeat.
    request('POST', '/heartbeat', { deadAfterMs }).catch(() => {})
    await clock.sleep(deadAfterMs / 8, signal).catch(() => {})
  }
}
