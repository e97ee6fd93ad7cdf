import type { OutgoingHttpHeaders } from 'node:http'

import type { FastifyReply } from 'fastify'

import type { Clock } from '#chaos/lib/clock.ts'

const heartbeatMs = 10_000
/** A slower reader is disconnected. It reconnects with the id of its last event. */
const bufferedBytesMax = 4 * 1024 * 1024

export interface EventStreamWriter {
  /** Aborts when the reader is gone. */
  readonly signal: AbortSignal
  send(message: { readonly data: unknown; readonly id?: number }): void
  end(): void
}

/** Turns a reply into a stream of server-sent events, with a comment every 10 s so that proxies keep it open. */
export function openEventStreamWriter(reply: FastifyReply, clock: Clock): EventStreamWriter {
  const ended = new AbortController()
  const { raw } = reply.hijack()
  raw.writeHead(200, {
    ...(reply.getHeaders() as OutgoingHttpHeaders),
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  raw.write('retry: 500\n\n')
  raw.on('close', () => ended.abort())
  raw.on('error', () => ended.abort())
  const write = (text: string): void => {
    if (ended.signal.aborted) return
    raw.write(text)
    if (raw.writableLength > bufferedBytesMax) raw.destroy()
  }
  void beat(write, clock, ended.signal)
  return {
    signal: ended.signal,
    send: ({ data, id }) =>
      write(`${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`),
    end: () => {
      raw.end()
      ended.abort()
    },
  }
}

async function beat(
  write: (text: string) => void,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(heartbeatMs, signal).catch(() => undefined)
    write(': heartbeat\n\n')
  }
}
