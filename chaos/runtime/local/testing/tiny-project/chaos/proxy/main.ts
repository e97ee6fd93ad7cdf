/** A data plane without toxics: it copies bytes. Its API opens, moves, lists and removes proxies. */
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect, createServer } from 'node:net'
import type { Server } from 'node:net'
import { json } from 'node:stream/consumers'
import { parseArgs } from 'node:util'

interface Proxy {
  readonly name: string
  readonly listen: string
  upstream: string
  readonly optional?: boolean
}

const option = { type: 'string', default: '' } as const
const { values } = parseArgs({ options: { config: option, host: option, port: option } })
const open = new Map<string, { readonly proxy: Proxy; readonly server: Server }>()

async function add(proxy: Proxy): Promise<void> {
  const [host = '', port] = proxy.listen.split(':')
  const server = createServer((socket) => {
    const [upstreamHost = '', upstreamPort] = proxy.upstream.split(':')
    const other = connect(Number(upstreamPort), upstreamHost)
    for (const end of [socket, other]) end.on('error', () => undefined)
    socket.on('close', () => other.destroy())
    other.on('close', () => socket.destroy())
    socket.pipe(other).pipe(socket)
  })
  open.set(proxy.name, { proxy, server })
  await new Promise<void>((resolve) => server.listen(Number(port), host, resolve))
}

const proxies = JSON.parse(readFileSync(values.config, 'utf8')) as Proxy[]
for (const proxy of proxies) if (proxy.optional !== true) void add(proxy)

/** Returns the body of the response. */
async function answer(request: IncomingMessage): Promise<unknown> {
  const { method, url = '' } = request
  const name = decodeURIComponent(url.split('/').at(-1) ?? '')
  const found = open.get(name)
  if (method === 'POST') await add((await json(request)) as Proxy)
  if (method === 'PATCH' && found !== undefined)
    found.proxy.upstream = ((await json(request)) as Proxy).upstream
  if (method === 'DELETE') {
    found?.server.close()
    open.delete(name)
  }
  return url === '/links' ? [...open.values()].map(({ proxy }) => proxy) : 'tiny'
}

createHttpServer((request, response) => {
  void answer(request).then((body) => response.end(JSON.stringify(body)))
}).listen(Number(values.port), values.host)
process.on('SIGTERM', () => process.exit(0))
