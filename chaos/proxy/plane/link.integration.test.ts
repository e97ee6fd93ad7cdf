import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'

import { expect, test, vi } from 'vitest'

import { createLinkLab, dialTo, echo, listenOn, type Peer } from '../testing/link-lab.ts'
import { createStuckServer } from '../testing/stuck-server.ts'

test('bytes pass unchanged in both directions', async () => {
  await using lab = await createLinkLab(echo)
  const peer = await lab.dial()
  peer.socket.write('hello')
  await peer.received(5)
  expect(peer.text()).toBe('hello')
})

test('half-close: bytes that the server sends after the FIN of the client arrive', async () => {
  await using lab = await createLinkLab((socket, peer) => {
    void peer.over.then(() => socket.end(`got ${peer.got.bytes}`))
  })
  const peer = await lab.dial()
  peer.socket.end('x'.repeat(100_000))
  expect((await peer.over).how).toBe('end')
  expect(peer.text()).toBe('got 100000')
})

test('half-close: bytes that the client sends after the FIN of the server arrive', async () => {
  const server = Promise.withResolvers<Peer>()
  await using lab = await createLinkLab((socket, peer) => {
    socket.end('bye')
    server.resolve(peer)
  })
  const peer = await lab.dial()
  expect((await peer.over).how).toBe('end')
  peer.socket.end('still here')
  const accepted = await server.promise
  await accepted.over
  expect(accepted.text()).toBe('still here')
})

/** What the kernel may hold of two connections, in bytes: it enlarges their buffers while no process reads. */
function kernelBuffersMax(): number {
  const largest = (name: string): number => {
    const file = `/proc/sys/net/ipv4/${name}`
    return existsSync(file)
      ? Number(readFileSync(file, 'utf8').trim().split(/\s+/).at(-1))
      : 8 * 1024 * 1024
  }
  return 2 * (largest('tcp_rmem') + largest('tcp_wmem'))
}

test.each([
  ['read into reused buffers', false],
  ["read by Node's public API", true],
])(
  'a slow reader receives every byte unchanged, and the sender has to wait: %s',
  async (_, plainAccept) => {
    const kernelBytes = kernelBuffersMax()
    const total = kernelBytes + 8 * 1024 * 1024
    const server = Promise.withResolvers<Peer>()
    await using lab = await createLinkLab(
      (_, peer) => {
        peer.socket.pause()
        server.resolve(peer)
      },
      { plainAccept },
    )
    const client = await lab.dial()
    const accepted = await server.promise
    accepted.socket.removeAllListeners('data')
    const sent = createHash('sha256')
    const got = createHash('sha256')
    let written = 0
    const pump = (): void => {
      while (written < total) {
        const block = randomBlock(written)
        written += block.length
        sent.update(block)
        if (!client.socket.write(block)) return void client.socket.once('drain', pump)
      }
      client.socket.end()
    }
    pump()
    let before = -1
    await expect
      .poll(
        () => {
          const isStill = written === before
          before = written
          return isStill
        },
        { interval: 200 },
      )
      .toBe(true)
    // The process itself holds no growing queue.
    expect(written).toBeLessThan(kernelBytes + 4 * 1024 * 1024)
    let reads = 0
    accepted.socket.on('data', (chunk: Buffer) => {
      got.update(chunk)
      if (++reads % 50 === 0) {
        accepted.socket.pause()
        setTimeout(() => accepted.socket.resume(), 1)
      }
    })
    accepted.socket.resume()
    await accepted.over
    expect(got.digest('hex')).toBe(sent.digest('hex'))
  },
)

test('an RST of one side becomes an RST on the other side', async () => {
  const server = Promise.withResolvers<Peer>()
  await using lab = await createLinkLab((_, peer) => server.resolve(peer))
  const client = await lab.dial()
  const accepted = await server.promise
  accepted.socket.resetAndDestroy()
  expect((await client.over).how).toBe('ECONNRESET')
})

test('an unreachable upstream is an RST, and an event contains the reason', async () => {
  await using lab = await createLinkLab(echo)
  await using gone = await listenOn(() => {})
  const { address } = gone
  await gone[Symbol.asyncDispose]()
  await lab.api('PATCH', '/proxies/lab', { upstream: address })
  // The RST may arrive before the client has seen that it is connected.
  const how = await lab.dial().then(
    async (peer) => (await peer.over).how,
    (error: NodeJS.ErrnoException) => error.code,
  )
  expect(how).toBe('ECONNRESET')
  await vi.waitFor(
    () => {
      const failed = lab.events.find(({ what }) => what === 'upstream-failed')
      expect(failed?.detail).toContain('ECONNREFUSED')
    },
    { timeout: 20_000 },
  )
})

test('an upstream that cannot be resolved is an RST, and an event contains the reason', async () => {
  await using lab = await createLinkLab(echo)
  await lab.api('PATCH', '/proxies/lab', { upstream: 'no-such-host.invalid:80' })
  const peer = await lab.dial()
  expect((await peer.over).how).toBe('ECONNRESET')
  expect(lab.events.find(({ what }) => what === 'upstream-failed')?.detail).toMatch(
    /ENOTFOUND|EAI_AGAIN/,
  )
})

test('an upstream that does not accept in time is an RST, and an event contains the limit', async () => {
  await using upstream = await createStuckServer()
  await using lab = await createLinkLab(echo, { connectTimeoutMs: 200 })
  await lab.api('PATCH', '/proxies/lab', { upstream: upstream.address })
  const start = performance.now()
  const peer = await lab.dial()
  expect((await peer.over).how).toBe('ECONNRESET')
  expect(performance.now() - start).toBeGreaterThan(195)
  const failed = lab.events.find(({ what }) => what === 'upstream-failed')
  expect(failed?.detail).toBe('no connection within 200 ms')
})

test('bytes that a client sends before the upstream accepts arrive later', async () => {
  await using upstream = await createStuckServer()
  await using lab = await createLinkLab(echo)
  await lab.api('PATCH', '/proxies/lab', { upstream: upstream.address })
  const peer = await lab.dial()
  peer.socket.write('patience')
  upstream.accept()
  await peer.received(8)
  expect(peer.text()).toBe('patience')
})

test('down refuses new connections and closes live connections with FIN', async () => {
  await using lab = await createLinkLab(echo)
  const peer = await lab.dial()
  peer.socket.write('x')
  await peer.received(1)
  await lab.api('PATCH', '/proxies/lab', { enabled: false })
  expect((await peer.over).how).toBe('end')
  await expect(lab.dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await lab.api('PATCH', '/proxies/lab', { enabled: true })
  const again = await lab.dial()
  again.socket.write('x')
  await again.received(1)
  expect(lab.events.map(({ what }) => what)).toContain('down')
})

test('a link that is down with a lease comes up by itself', async () => {
  await using lab = await createLinkLab(echo)
  await lab.api('PATCH', '/proxies/lab', { enabled: false, expiresInMs: 150 })
  await expect(lab.dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await vi.waitFor(() => lab.dial(), { timeout: 2_000, interval: 20 })
})

test('a FIN of the data plane does not become an RST, even if the client is still sending', async () => {
  await using lab = await createLinkLab(() => {})
  await lab.toxic('limit_data', { bytes: 10 }, { stream: 'upstream' })
  const peer = await lab.dial()
  peer.socket.write(Buffer.alloc(2_000_000))
  expect((await peer.over).how).toBe('end')
})

test('all live connections can be reset at once, and the response contains their number', async () => {
  await using lab = await createLinkLab(echo)
  const peers = await Promise.all(Array.from({ length: 10 }, () => lab.dial()))
  for (const peer of peers) peer.socket.write('x')
  await Promise.all(peers.map((peer) => peer.received(1)))
  expect((await lab.api('POST', '/proxies/lab/reset')).body).toEqual({ reset: 10 })
  for (const peer of peers) expect((await peer.over).how).toBe('ECONNRESET')
})

test('a reset does not wait for a peer that does not read', async () => {
  const server = Promise.withResolvers<Peer>()
  await using lab = await createLinkLab((socket, peer) => {
    socket.write(Buffer.alloc(20_000_000))
    server.resolve(peer)
  })
  const peer = await lab.dial()
  await peer.received(1)
  peer.socket.pause()
  const accepted = await server.promise
  await expect.poll(() => accepted.socket.writableLength).toBeGreaterThan(0)
  await lab.api('POST', '/proxies/lab/reset')
  expect((await accepted.over).how).toBe('ECONNRESET')
  await expect.poll(() => lab.events.map(({ what }) => what)).toContain('closed')
})

test('a changed upstream closes live connections and serves new connections', async () => {
  await using lab = await createLinkLab(echo)
  await using other = await listenOn((socket) => socket.end('other'))
  const peer = await lab.dial()
  await lab.api('POST', '/proxies/lab', { upstream: other.address })
  expect((await peer.over).how).toBe('end')
  const next = await lab.dial()
  await next.over
  expect(next.text()).toBe('other')
})

test('a deleted link closes its port and its connections', async () => {
  await using lab = await createLinkLab(echo)
  const peer = await lab.dial()
  peer.socket.write('x')
  await peer.received(1)
  await lab.api('DELETE', '/proxies/lab')
  expect((await peer.over).how).toBe('end')
  await expect(dialTo(lab.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('closed connections leave no state', async () => {
  await using lab = await createLinkLab(echo)
  for (let round = 0; round < 20; round++) {
    const peers = await Promise.all(Array.from({ length: 20 }, () => lab.dial()))
    for (const { socket } of peers) {
      socket.resume()
      socket.end('x')
    }
    await Promise.all(peers.map(async ({ socket }) => socket.closed || once(socket, 'close')))
  }
  await expect.poll(() => lab.proxy.plane.link('lab').connections.size).toBe(0)
})

function randomBlock(from: number): Buffer {
  const block = Buffer.allocUnsafe(64 * 1024 - (from % 7))
  for (let at = 0; at + 4 <= block.length; at += 4)
    block.writeUInt32LE((from + at * 2654435761) >>> 0, at)
  return block
}
