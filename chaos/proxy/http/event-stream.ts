import type { IncomingMessage, ServerResponse } from 'node:http'

import type { EventHub, NumberedEvent } from '../plane/event-hub.ts'

/** A reader with more unsent bytes than this misses events; it receives their number later. */
const backlogBytesMax = 4 * 1024 * 1024
const keepAliveMs = 10_000

/** `GET /events`: server-sent events from now on, or from `Last-Event-ID` on. */
export function streamEvents(
  hub: EventHub,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-last-event-id': hub.lastId,
  })
  response.write(': events of the data plane\n\n')
  let missed = 0
  const write = ({ id, event }: NumberedEvent): void => {
    if (response.writableLength > backlogBytesMax) {
      missed++
      return
    }
    if (missed > 0) response.write(`: missed ${missed}\n\n`)
    missed = 0
    response.write(`id: ${id}\ndata: ${JSON.stringify(event)}\n\n`)
  }
  const last = request.headers['last-event-id']
  if (typeof last === 'string') for (const event of hub.after(last)) write(event)
  const unsubscribe = hub.subscribe(write)
  const keepAlive = setInterval(() => response.write(':\n\n'), keepAliveMs)
  response.on('close', () => {
    clearInterval(keepAlive)
    unsubscribe()
  })
}
