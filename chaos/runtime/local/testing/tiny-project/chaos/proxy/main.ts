/** A data plane without toxics: it copies bytes and answers on the port of its API. */
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer } from 'node:net'
import { parseArgs } from 'node:util'

const option = { type: 'string', default: '' } as const
const { values } = parseArgs({ options: { config: option, host: option, port: option } })
const proxies = JSON.parse(readFileSync(values.config, 'utf8')) as {
  listen: string
  upstream: string
}[]

for (const { listen, upstream } of proxies) {
  const [host = '', port] = listen.split(':')
  const [upstreamHost = '', upstreamPort] = upstream.split(':')
  createServer((socket) => {
    const other = connect(Number(upstreamPort), upstreamHost)
    for (const end of [socket, other]) end.on('error', () => undefined)
    socket.on('close', () => other.destroy())
    other.on('close', () => socket.destroy())
    socket.pipe(other).pipe(socket)
  }).listen(Number(port), host)
}
createHttpServer((_request, response) => response.end('tiny')).listen(
  Number(values.port),
  values.host,
)
process.on('SIGTERM', () => process.exit(0))
