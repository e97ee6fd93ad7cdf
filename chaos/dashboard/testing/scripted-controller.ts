import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { SandboxView } from '#chaos/contracts/api.ts'
import type { EventPayload } from '#chaos/contracts/events.ts'

import { readDistFile } from './dist-file.ts'

/** A controller that says what the test says: for states that a real sandbox has for a moment only. */
export interface ScriptedController extends AsyncDisposable {
  readonly url: string
  /** What `GET /api/sandbox` responds from now on. Null: no response, as from a controller that is gone. */
  show(sandbox: SandboxView | null): void
  /** Sends an event to every page. `ms` is on the clock of the events, which begins with the controller. */
  send(ms: number, event: EventPayload): void
  /** Milliseconds since the controller began. */
  now(): number
}

export async function startScriptedController(first: SandboxView): Promise<ScriptedController> {
  const began = performance.now()
  const streams = new Set<ServerResponse>()
  const sent: string[] = []
  let sandbox: SandboxView | null = first

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/api/events' && sandbox !== null) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const text of sent) response.write(text)
      streams.add(response)
      response.on('close', () => streams.delete(response))
    } else if (pathname === '/api/sandbox' && sandbox !== null) {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ ...sandbox, lastSeq: sent.length }))
    } else if (pathname.startsWith('/api/')) response.destroy()
    else void sendFile(response, pathname)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    show: (next) => {
      sandbox = next
      if (next === null) for (const stream of streams) stream.destroy()
    },
    send: (ms, event) => {
      const seq = sent.length + 1
      const at = new Date(performance.timeOrigin + began + ms).toISOString()
      const text = `id: ${seq}\ndata: ${JSON.stringify({ seq, at, ms, ...event })}\n\n`
      sent.push(text)
      for (const stream of streams) stream.write(text)
    },
    now: () => performance.now() - began,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

async function sendFile(response: ServerResponse, path: string): Promise<void> {
  try {
    const { body, headers } = await readDistFile(path)
    response.writeHead(200, headers).end(body)
  } catch {
    response.writeHead(404).end()
  }
}
