import { expect, test, vi } from 'vitest'

import { createLinkLab, echo, type LinkLab, type Peer } from './testing/link-lab.ts'
import { timeliness } from './testing/timeliness.ts'

async function roundTrip(lab: LinkLab): Promise<number> {
  const peer = await lab.dial()
  const start = performance.now()
  peer.socket.write('ping')
  const end = await peer.received(4)
  peer.socket.destroy()
  return end - start
}

test.each([
  [100, 0],
  [0, 100],
  [100, 100],
  [300, 100],
  [100, 300],
  [0, 0],
])(
  'a latency of %i ms up and %i ms down is never early, and at most 5 ms late',
  async (up, down) => {
    await using lab = await createLinkLab(echo)
    if (up > 0) await lab.toxic('latency', { latency: up }, { stream: 'upstream' })
    if (down > 0) await lab.toxic('latency', { latency: down }, { stream: 'downstream' })
    expect(await timeliness(up + down, 5, () => roundTrip(lab))).toBe('in time')
  },
)

test('two latencies of 500 ms add up to 1000 ms, at most 5 ms late', async () => {
  await using lab = await createLinkLab(echo)
  await lab.toxic('latency', { latency: 500 }, { name: 'one' })
  await lab.toxic('latency', { latency: 500 }, { name: 'two' })
  expect(await timeliness(1_000, 5, () => roundTrip(lab))).toBe('in time')
})

test('jitter makes messages faster and slower, and never exceeds its bound', async () => {
  await using lab = await createLinkLab(echo)
  await lab.toxic('latency', { latency: 200, jitter: 150 })
  const times = await Promise.all(Array.from({ length: 40 }, () => roundTrip(lab)))
  expect(Math.min(...times)).toBeGreaterThanOrEqual(50)
  expect(Math.min(...times)).toBeLessThan(200)
  expect(Math.max(...times)).toBeGreaterThan(200)
})

test('delay_connect delays the connection to the upstream', async () => {
  const acceptedAt: number[] = []
  await using lab = await createLinkLab(() => void acceptedAt.push(performance.now()))
  await lab.toxic('latency', { latency: 80, delay_connect: true })
  const start = performance.now()
  await lab.dial()
  await expect.poll(() => acceptedAt).toHaveLength(1)
  expect((acceptedAt[0] ?? 0) - start).toBeGreaterThanOrEqual(80)
})

test('480 KB at 1000 KB/s take 480 ms, at most 5 ms more', async () => {
  await using lab = await createLinkLab((socket) => socket.write(Buffer.alloc(480_000)))
  await lab.toxic('bandwidth', { rate: 1_000 })
  const measure = async (): Promise<number> => {
    const start = performance.now()
    const peer = await lab.dial()
    const end = await peer.received(480_000)
    peer.socket.destroy()
    return end - start
  }
  expect(await timeliness(480, 5, measure)).toBe('in time')
})

test.each(['upstream', 'downstream'])(
  'reset_peer on the %s sends RST after its timeout, at most 10 ms late, even on an idle connection',
  async (stream) => {
    await using lab = await createLinkLab(() => {})
    await lab.toxic('reset_peer', { timeout: 100 }, { stream })
    const measure = async (): Promise<number> => {
      const start = performance.now()
      const peer = await lab.dial()
      const { how, atMs } = await peer.over
      expect(how).toBe('ECONNRESET')
      return atMs - start
    }
    expect(await timeliness(100, 10, measure)).toBe('in time')
  },
)

test('reset_peer on a live connection sends RST to both sides', async () => {
  const server = Promise.withResolvers<Peer>()
  await using lab = await createLinkLab((_, peer) => server.resolve(peer))
  const peer = await lab.dial()
  const accepted = await server.promise
  const start = performance.now()
  await lab.toxic('reset_peer', { timeout: 50 })
  const [client, upstream] = await Promise.all([peer.over, accepted.over])
  expect([client.how, upstream.how]).toEqual(['ECONNRESET', 'ECONNRESET'])
  expect(client.atMs - start).toBeGreaterThanOrEqual(50)
})

test('slicer: the data arrives in pieces and unchanged', async () => {
  await using lab = await createLinkLab((socket) => socket.write('abcdefghijklmnopqrstuvwx'))
  await lab.toxic('slicer', { average_size: 1, delay: 3_000 })
  const peer = await lab.dial()
  const start = performance.now()
  const end = await peer.received(24)
  expect(peer.text()).toBe('abcdefghijklmnopqrstuvwx')
  // A busy receiver may read two pieces at once. The total time is reliable.
  expect(peer.got.chunks.length).toBeGreaterThan(12)
  expect(end - start).toBeGreaterThanOrEqual(23 * 3 - 5)
})

test.each([0, 1, 1_000, 99_999])(
  'limit_data of %i bytes is exact, and ends with FIN',
  async (bytes) => {
    await using lab = await createLinkLab((socket) => socket.write(Buffer.alloc(100_000)))
    await lab.toxic('limit_data', { bytes })
    const peer = await lab.dial()
    expect((await peer.over).how).toBe('end')
    expect(peer.got.bytes).toBe(bytes)
  },
)

test('timeout drops data and closes the connection after its time; its removal also closes it', async () => {
  const server = Promise.withResolvers<Peer>()
  await using lab = await createLinkLab((_, peer) => server.resolve(peer))
  await lab.toxic('timeout', { timeout: 100 }, { stream: 'upstream' })
  const start = performance.now()
  const first = await lab.dial()
  first.socket.write('lost')
  const { how, atMs } = await first.over
  expect(how).toBe('end')
  expect(atMs - start).toBeGreaterThanOrEqual(100)
  expect((await server.promise).got.bytes).toBe(0)

  await lab.api('PATCH', '/proxies/lab/toxics/timeout_upstream', { attributes: { timeout: 0 } })
  const second = await lab.dial()
  second.socket.write('lost')
  await lab.api('DELETE', '/proxies/lab/toxics/timeout_upstream')
  expect((await second.over).how).toBe('end')
})

test('slow_close delays the end of the connection', async () => {
  await using lab = await createLinkLab((socket) => socket.end('bye'))
  await lab.toxic('slow_close', { delay: 150 })
  const peer = await lab.dial()
  const said = await peer.received(3)
  const { how, atMs } = await peer.over
  expect(how).toBe('end')
  expect(atMs - said).toBeGreaterThan(120)
})

test('a muted connection stays open and silent after the toxic is removed; new connections work', async () => {
  await using lab = await createLinkLab(echo)
  const peer = await lab.dial()
  peer.socket.write('a')
  await peer.received(1)
  await lab.toxic('mute')
  await lab.api('POST', '/reset')
  peer.socket.write('b')
  const next = await lab.dial()
  next.socket.write('c')
  await next.received(1)
  expect(peer.got.bytes).toBe(1)
  expect(peer.socket.readyState).toBe('open')
})

test('an RST of a muted side does not reach the other side', async () => {
  const server = Promise.withResolvers<Peer>()
  await using lab = await createLinkLab((_, peer) => server.resolve(peer))
  await lab.toxic('mute', {}, { stream: 'upstream' })
  const peer = await lab.dial()
  const accepted = await server.promise
  peer.socket.resetAndDestroy()
  const first = await Promise.race([
    accepted.over.then(({ how }) => how),
    new Promise((resolve) => setTimeout(() => resolve('still open'), 150)),
  ])
  expect(first).toBe('still open')
  // A heal closes the socket whose peer is gone.
  await lab.api('POST', '/reset')
  expect((await accepted.over).how).toBe('ECONNRESET')
})

/** Which connections a corrupt toxic applies to. A changed byte is certain, even on a slow machine. */
async function hits(peers: readonly Peer[]): Promise<string> {
  const echoes = await Promise.all(
    peers.map(async (peer) => {
      const before = peer.got.bytes
      peer.socket.write('x')
      await peer.received(before + 1)
      return peer.text().slice(before)
    }),
  )
  return echoes.map((text) => (text === 'x' ? '.' : 'H')).join('')
}

/** Connects one after the other, so the order of the connections is always the same. */
async function dialInOrder(lab: LinkLab, count: number): Promise<Peer[]> {
  const peers: Peer[] = []
  for (let i = 0; i < count; i++) peers.push(await lab.dial())
  await expect.poll(() => lab.proxy.plane.link('lab').connections.size).toBe(count)
  return peers
}

test('a FIN of a muted side does not reach the other side, and a heal closes the connection', async () => {
  const server = Promise.withResolvers<Peer>()
  await using lab = await createLinkLab((_, peer) => server.resolve(peer))
  await lab.toxic('mute', {}, { stream: 'upstream' })
  const peer = await lab.dial()
  const accepted = await server.promise
  peer.socket.destroy()
  const link = lab.proxy.plane.link('lab')
  await expect.poll(() => [...link.connections].map(({ orphaned }) => orphaned)).toEqual([true])
  expect(accepted.socket.readyState).toBe('open')
  await lab.api('POST', '/reset')
  expect((await accepted.over).how).toBe('ECONNRESET')
  await expect.poll(() => link.connections.size).toBe(0)
})

// plane/applied-toxic.test.ts tests the share of connections.
test('toxicity is drawn once per connection and depends on the seed', async () => {
  const pattern = async (seed: number): Promise<string> => {
    await using lab = await createLinkLab(echo, { seed })
    await lab.toxic('corrupt', { probability: 1 }, { toxicity: 0.3 })
    const peers = await dialInOrder(lab, 30)
    const first = await hits(peers)
    expect(await hits(peers)).toBe(first)
    return first
  }
  const first = await pattern(1)
  expect(await pattern(1)).toBe(first)
  expect(await pattern(2)).not.toBe(first)
  expect(first).toContain('H')
  expect(first).toContain('.')
})

test('other toxics do not change the draw; it follows only its own toxicity', async () => {
  await using lab = await createLinkLab(echo)
  await lab.toxic('corrupt', { probability: 1 }, { name: 'c', toxicity: 0.5 })
  const peers = await dialInOrder(lab, 20)
  const first = await hits(peers)
  expect(first).toContain('H')
  expect(first).toContain('.')
  for (let i = 0; i < 3; i++) {
    await lab.toxic('noop')
    expect(await hits(peers)).toBe(first)
    await lab.api('DELETE', '/proxies/lab/toxics/noop_downstream')
    expect(await hits(peers)).toBe(first)
  }
  await lab.api('PATCH', '/proxies/lab/toxics/c', { toxicity: 0 })
  expect(await hits(peers)).toBe('.'.repeat(20))
  await lab.api('PATCH', '/proxies/lab/toxics/c', { toxicity: 0.5 })
  expect(await hits(peers)).toBe(first)
  await lab.api('PATCH', '/proxies/lab/toxics/c', { toxicity: 1 })
  expect(await hits(peers)).toBe('H'.repeat(20))
})

test('65,535 two-byte messages arrive in order while toxics come and go', async () => {
  const messages = 65_535
  const server = Promise.withResolvers<Peer>()
  await using lab = await createLinkLab((_, peer) => server.resolve(peer))
  const peer = await lab.dial()
  const traffic = { done: false }
  let changes = 0
  const changeToxics = async (): Promise<void> => {
    while (!traffic.done) {
      await lab.toxic('latency', { latency: 1_000 }, { stream: 'upstream' })
      await lab.toxic('slicer', { average_size: 1 }, { stream: 'upstream' })
      await lab.api('DELETE', '/proxies/lab/toxics/latency_upstream')
      await lab.api('DELETE', '/proxies/lab/toxics/slicer_upstream')
      changes += 4
    }
  }
  const changing = changeToxics()
  for (let i = 0; i < messages; i++) {
    const message = Buffer.allocUnsafe(2)
    message.writeUInt16BE(i)
    peer.socket.write(message)
    if (i % 500 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  peer.socket.end()
  const accepted = await server.promise
  expect((await accepted.over).how).toBe('end')
  traffic.done = true
  await changing
  const bytes = Buffer.concat(accepted.got.chunks)
  expect(bytes.length).toBe(messages * 2)
  for (let i = 0; i < messages; i++)
    if (bytes.readUInt16BE(i * 2) !== i)
      throw new Error(`message ${i} is ${bytes.readUInt16BE(i * 2)}`)
  expect(changes).toBeGreaterThan(20)
})

test('1,000 races of connect, close and toxic change leave no connection and no state', async () => {
  await using lab = await createLinkLab(echo)
  const traffic = { done: false }
  const changeToxics = async (): Promise<void> => {
    while (!traffic.done) {
      await lab.toxic('latency', { latency: 1_000 }, { name: 'l' })
      await lab.toxic('reset_peer', { timeout: 5 }, { name: 'r', toxicity: 0.3 })
      await lab.api('DELETE', '/proxies/lab/toxics/l')
      await lab.api('DELETE', '/proxies/lab/toxics/r')
    }
  }
  const changing = changeToxics()
  for (let round = 0; round < 50; round++) {
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const peer = await lab.dial().catch(() => undefined)
        peer?.socket.write('hello')
        if (i % 2 === 0) peer?.socket.destroy()
        else peer?.socket.resetAndDestroy()
      }),
    )
  }
  traffic.done = true
  await changing
  const link = lab.proxy.plane.link('lab')
  await vi.waitFor(() => expect(link.connections.size).toBe(0), { timeout: 5_000 })
  await lab.toxic('noop', {}, { name: 'n' })
  expect([...link.toxics].every(({ applied }) => applied.size === 0)).toBe(true)
})

test('toxics that lose no bytes can come and go under traffic without a lost byte', async () => {
  const total = 2_000_000
  const server = Promise.withResolvers<Peer>()
  await using lab = await createLinkLab((_, peer) => server.resolve(peer))
  const peer = await lab.dial()
  const data = Buffer.from(Array.from({ length: total }, (_, i) => i % 241))
  const kinds: [string, object][] = [
    ['latency', { latency: 5, jitter: 5 }],
    ['bandwidth', { rate: 20_000 }],
    ['slicer', { average_size: 500, size_variation: 200, delay: 10 }],
    ['packet_loss', { loss_rate: 0.01, rto: 5, rtt: 1 }],
    ['slow_close', { delay: 10 }],
    ['noop', {}],
  ]
  let sent = 0
  for (let i = 0; sent < total; i++) {
    const [type, attributes] = kinds[i % kinds.length] ?? ['noop', {}]
    await lab.toxic(type, attributes, { name: `t${i}`, stream: 'upstream' })
    const until = Math.min(total, sent + 50_000)
    peer.socket.write(data.subarray(sent, until))
    sent = until
    if (i >= 2) await lab.api('DELETE', `/proxies/lab/toxics/t${i - 2}`)
  }
  peer.socket.end()
  const accepted = await server.promise
  await accepted.over
  expect(Buffer.concat(accepted.got.chunks).equals(data)).toBe(true)
})

test('a slow link holds a limited amount of bytes, and the sender has to wait', async () => {
  await using lab = await createLinkLab(() => {})
  await lab.toxic('bandwidth', { rate: 1 }, { stream: 'upstream' })
  const peer = await lab.dial()
  let written = 0
  const block = Buffer.alloc(64 * 1024)
  for (let i = 0; i < 1_000 && written < 64 * 1024 * 1024; i++) {
    written += block.length
    peer.socket.write(block)
    if (i % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    if (peer.socket.writableLength > 4 * 1024 * 1024) break
  }
  const { received } = lab.proxy.plane.link('lab').figures().upstream
  expect(received).toBeLessThan(2 * 1024 * 1024)
})
