/** A data plane without toxics: it copies bytes. Its API opens and removes proxies. */
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
  readonly upstream: string
  readonly optional?: boolean
}

const option = { type: 'string', default: '' } as const
const { values } = parseArgs({ options: { config: option, host: option, port: option } })
const servers = new Map<string, Server>()

async function open({ name, listen, upstream }: Proxy): Promise<void> {
  const [host = '', port] = listen.split(':')
  const [upstreamHost = '', upstreamPort] = upstream.split(':')
  const server = createServer((socket) => {
    const other = connect(Number(upstreamPort), upstreamHost)
    for (const end of [socket, other]) end.on('error', () => undefined)
    socket.on('close', () => other.destroy())
    other.on('close', () => socket.destroy())
    socket.pipe(other).pipe(socket)
  })
  servers.set(name, server)
  await new Promise<void>((resolve) => server.listen(Number(port), host, resolve))
}

const proxies = JSON.parse(readFileSync(values.config, 'utf8')) as Proxy[]
for (const proxy of proxies) if (proxy.optional !== true) void open(proxy)

async function change(
  { method, url = '' }: IncomingMessage,
  body: Promise<unknown>,
): Promise<void> {
  if (method === 'POST') await open((await body) as Proxy)
  if (method === 'DELETE') servers.get(decodeURIComponent(url.split('/').at(-1) ?? ''))?.close()
}

createHttpServer((request, response) => {
  const body = request.method === 'POST' ? json(request) : Promise.resolve()
  void change(request, body).then(() => response.end('"tiny"'))
}).listen(Number(values.port), values.host)
process.on('SIGTERM', () => process.exit(0))
