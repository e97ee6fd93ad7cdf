import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

import { expect, it } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { probeProtocol } from './probe-protocol.ts'

async function probe(server: Server): Promise<{ protocol: string; tookMs: number }> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const before = performance.now()
  try {
    const protocol = await probeProtocol({ host: '127.0.0.1', port }, systemClock)
    return { protocol, tookMs: performance.now() - before }
  } finally {
    server.close()
  }
}

const tcp = (serve: (socket: Socket) => void): Server =>
  createServer((socket) => {
    socket.on('error', () => undefined)
    serve(socket)
  })

it.each<[string, string, () => Server]>([
  ['http', 'HTTP', () => createHttpServer((_, response) => response.end())],
  ['redis', 'Redis', () => tcp((socket) => socket.once('data', () => socket.write('+PONG\r\n')))],
  [
    'postgres',
    'Postgres',
    () =>
      tcp((socket) =>
        socket.once('data', (bytes) => (bytes[0] === 0 ? socket.write('N') : socket.end())),
      ),
  ],
  ['bytes', 'a server that speaks first', () => tcp((socket) => socket.write('220 mail\r\n'))],
  ['bytes', 'a server that never answers', () => tcp(() => undefined)],
])('finds %s: %s', async (protocol, _, server) => {
  const found = await probe(server())
  expect(found.protocol).toBe(protocol)
  expect(found.tookMs).toBeLessThan(5_000)
})

it('executes no request of an HTTP server', async () => {
  let requests = 0
  await probe(createHttpServer(() => void requests++))
  expect(requests).toBe(0)
})

it('takes a closed port for bytes', async () => {
  expect(await probeProtocol({ host: '127.0.0.1', port: 1 }, systemClock)).toBe('bytes')
})
