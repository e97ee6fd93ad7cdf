import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { join } from 'node:path'

import { listenOnSocket } from '#chaos/lib/http/listen-on-socket.ts'

import { socketName } from '../seats/seat-engine.ts'
import type { SeatContainer, SeatEngine } from '../seats/seat-engine.ts'

/** Seats without containers. Each serves a small API on the socket of its folder. */
export interface FakeSeats extends AsyncDisposable {
  readonly engine: SeatEngine
  /** What the engine was asked to do, such as `start 1`. */
  readonly calls: readonly string[]
  /** Requests that reached a seat, such as `1 POST /api/labs/x/check`, with their headers. */
  readonly requests: readonly {
    readonly line: string
    readonly headers: IncomingMessage['headers']
  }[]
  /** The runs of this seat end. */
  endRuns(seat: number): void
  /** As if its processes had been killed. */
  kill(seat: number): Promise<void>
}

export function createFakeSeats(): FakeSeats {
  const up = new Map<number, { state: SeatContainer['state']; server: AsyncDisposable }>()
  const running = new Set<number>()
  const calls: string[] = []
  const requests: { line: string; headers: IncomingMessage['headers'] }[] = []
  const answer = (seat: number, request: IncomingMessage, response: ServerResponse): void => {
    const { method = '', url = '', headers } = request
    if (url !== '/api/alive') requests.push({ line: `${seat} ${method} ${url}`, headers })
    if (url === '/api/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      return void response.write(`data: of seat ${seat}\n\n`)
    }
    if (method === 'POST' && url.endsWith('/check')) running.add(seat)
    response.setHeader('content-type', 'application/json')
    response.setHeader('set-cookie', 'planted=1')
    response.setHeader('content-security-policy', 'none')
    response.end(JSON.stringify({ id: 'r1', seat, state: running.has(seat) ? 'running' : 'done' }))
  }
  const stop = async (seat: number): Promise<void> => {
    const found = up.get(seat)
    up.delete(seat)
    running.delete(seat)
    await found?.server[Symbol.asyncDispose]()
  }
  const engine: SeatEngine = {
    list: async () =>
      new Map([...up].map(([seat, { state }]) => [seat, { state, isCurrent: true }])),
    start: async ({ seat, folders }) => {
      calls.push(`start ${seat}`)
      const app = createServer((request, response) => answer(seat, request, response))
      up.set(seat, { state: 'running', server: await serve(app, join(folders.state, socketName)) })
    },
    freeze: async (seat) => void calls.push(`freeze ${seat}`),
    thaw: async (seat) => void calls.push(`thaw ${seat}`),
    favour: async (seat, isChecking) => void calls.push(`favour ${seat} ${isChecking}`),
    memory: async () => 1_000,
    lastLines: async (seat) => [`last line of seat ${seat}`],
    remove: async (seat) => {
      calls.push(`remove ${seat}`)
      await stop(seat)
    },
  }
  return {
    engine,
    calls,
    requests,
    endRuns: (seat) => void running.delete(seat),
    kill: stop,
    [Symbol.asyncDispose]: async () => {
      for (const seat of up.keys()) await stop(seat)
    },
  }
}

async function serve(app: Server, path: string): Promise<AsyncDisposable> {
  const listener = await listenOnSocket(path, (socket) => app.emit('connection', socket))
  return {
    [Symbol.asyncDispose]: async () => {
      await listener[Symbol.asyncDispose]()
      await rm(path, { force: true })
    },
  }
}
