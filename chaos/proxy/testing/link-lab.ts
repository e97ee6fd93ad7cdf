import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

import type { LinkEvent } from '#chaos/contracts/links.ts'

import { type ProxyOptions, runProxy, type RunningProxy } from '../run-proxy.ts'

/** A data plane with one link, `lab`, to a server of the test. */
export interface LinkLab extends AsyncDisposable {
  readonly proxy: RunningProxy
  readonly port: number
  /** All link events of the data plane. */
  readonly events: readonly LinkEvent[]
  /** Sends one request to the API; resolves to the status and the parsed body. */
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  /** Adds a toxic to the link. */
  toxic(type: string, attributes?: object, more?: object): Promise<void>
  dial(): Promise<Peer>
}

/** One side of a connection, with the bytes that it received and its end. */
export interface Peer {
  readonly socket: Socket
  /** The bytes received so far. */
  readonly got: { bytes: number; chunks: Buffer[] }
  /** `end` (FIN), `close`, or the code of the error; with the time on the clock of `performance.now()`. */
  readonly over: Promise<{ how: string; atMs: number }>
  /** Waits until this many bytes have arrived; resolves to the time of arrival. */
  received(bytes: number): Promise<number>
  text(): string
}

export async function createLinkLab(
  accepted: (socket: Socket, peer: Peer) => void,
  options: ProxyOptions = {},
): Promise<LinkLab> {
  const upstream = await listenOn((socket) => accepted(socket, watchPeer(socket)))
  const proxy = await runProxy({ port: 0, seed: 1, ...options })
  const events: LinkEvent[] = []
  proxy.events.subscribe(({ event }) => {
    if (event.type === 'link') events.push(event)
  })
  const api: LinkLab['api'] = async (method, path, body) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(proxy.url + path, {
      method,
      ...(body === undefined ? {} : { body: text }),
    })
    const received = await response.text()
    return { status: response.status, body: received === '' ? undefined : JSON.parse(received) }
  }
  const made = await api('POST', '/proxies', {
    name: 'lab',
    listen: '127.0.0.1:0',
    upstream: upstream.address,
  })
  const port = Number((made.body as { listen: string }).listen.split(':').at(-1))
  return {
    proxy,
    port,
    events,
    api,
    toxic: async (type, attributes = {}, more = {}) => {
      const { status, body } = await api('POST', '/proxies/lab/toxics', {
        type,
        attributes,
        ...more,
      })
      if (status !== 200) throw new Error(`toxic ${type}: ${JSON.stringify(body)}`)
    },
    dial: () => dialTo(port),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]()
      await upstream[Symbol.asyncDispose]()
    },
  }
}

/** A server on a free port of this machine. */
export async function listenOn(
  accepted: (socket: Socket) => void,
): Promise<
  AsyncDisposable & { readonly server: Server; readonly address: string; readonly port: number }
> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    accepted(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    server,
    port,
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Connects to a port on this machine. */
export async function dialTo(port: number): Promise<Peer> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  const peer = watchPeer(socket)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return peer
}

/** Collects what a socket receives. */
function watchPeer(socket: Socket): Peer {
  const got: Peer['got'] = { bytes: 0, chunks: [] }
  let waiting: { bytes: number; resolve: (atMs: number) => void }[] = []
  socket.on('data', (chunk: Buffer) => {
    got.bytes += chunk.length
    got.chunks.push(chunk)
    const now = performance.now()
    for (const wait of waiting) if (got.bytes >= wait.bytes) wait.resolve(now)
    waiting = waiting.filter(({ bytes }) => bytes > got.bytes)
  })
  const over = new Promise<{ how: string; atMs: number }>((resolve) => {
    socket.once('end', () => resolve({ how: 'end', atMs: performance.now() }))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ how: error.code ?? error.message, atMs: performance.now() })
    })
    socket.once('close', () => resolve({ how: 'close', atMs: performance.now() }))
  })
  return {
    socket,
    got,
    over,
    received: (bytes) =>
      got.bytes >= bytes
        ? Promise.resolve(performance.now())
        : new Promise((resolve) => waiting.push({ bytes, resolve })),
    text: () => Buffer.concat(got.chunks).toString(),
  }
}

/** Sends every byte back, and FIN after FIN. */
export function echo(socket: Socket): void {
  socket.pipe(socket)
}
