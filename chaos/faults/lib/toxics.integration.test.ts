import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import type { InjectedFault } from '#chaos/contracts/fault.ts'
import { createLinkControl } from '#chaos/proxy/client/link-control.ts'
import { runProxy, type RunningProxy } from '#chaos/proxy/run-proxy.ts'
import { dialTo, listenOn } from '#chaos/proxy/testing/link-lab.ts'

import { faultNamed } from '../index.ts'
import { createWorld, requestOf } from '../testing/describe-fault.ts'

/** Faults on one real link of a real data plane, with real TCP and HTTP traffic. */
const link = 'worker-1:payments'
const head = 'HTTP/1.1 200 OK\r\ncontent-length: 20000\r\n\r\n'
const response = Buffer.from(head + 'x'.repeat(20_000))

let server: Awaited<ReturnType<typeof listenOn>>
let proxy: RunningProxy
let port: number
/** What reached the server since the test began. */
let reached = ''

beforeAll(async () => {
  // Answers every request, and closes when its client closes.
  server = await listenOn((socket) => {
    socket.on('data', (chunk: Buffer) => {
      reached += chunk.toString()
      socket.write(response)
    })
    socket.on('end', () => socket.end())
  })
  proxy = await runProxy({ port: 0, seed: 1 })
  const body = { name: link, listen: '127.0.0.1:0', upstream: server.address, protocol: 'http' }
  const made = await fetch(`${proxy.url}/proxies`, { method: 'POST', body: JSON.stringify(body) })
  expect(made.status).toBe(201)
  port = Number(proxy.plane.link(link).listen.split(':').at(-1))
})
afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})
beforeEach(() => {
  reached = ''
})

async function inject(
  kind: string,
  params: Readonly<Record<string, unknown>>,
): Promise<InjectedFault> {
  const links = createLinkControl(proxy.url)
  const context = { ...createWorld().context, links }
  return await faultNamed(kind).inject(requestOf({ params, targets: [link] }), context)
}

/** One request on a connection of its own, until `bytes` have come or the connection has ended. */
async function exchange(bytes = response.length, path = '/') {
  const peer = await dialTo(port)
  const fromMs = performance.now()
  peer.socket.write(`GET ${path} HTTP/1.1\r\n\r\n`)
  const over = peer.over.then(({ how, atMs }) => ({ how, tookMs: atMs - fromMs }))
  const whole = peer.received(bytes).then((atMs) => ({ how: 'whole', tookMs: atMs - fromMs }))
  const { how, tookMs } = await Promise.race([whole, over])
  peer.socket.destroy()
  return { how, tookMs, data: Buffer.concat(peer.got.chunks), chunks: peer.got.chunks.length }
}

test('without a fault the response is whole, and so it is after every fault was healed', async () => {
  expect((await exchange()).data.equals(response)).toBe(true)
  const injected = await inject('limit-data', { bytes: 7 })
  expect((await exchange()).how).toBe('end')
  await injected[Symbol.asyncDispose]()
  expect(proxy.plane.link(link).toxics.size).toBe(0)
  expect((await exchange()).data.equals(response)).toBe(true)
})

test('bandwidth: 20 kB at 100 kB/s take 200 ms, and every byte arrives', async () => {
  await using _fault = await inject('bandwidth', { rateBytesPerSecond: 100_000 })
  const { tookMs, data } = await exchange()
  expect(tookMs).toBeGreaterThanOrEqual(200)
  expect(data.equals(response)).toBe(true)
})

test('slicer: the response comes in pieces with a pause after each', async () => {
  await using _fault = await inject('slicer', {
    averageBytes: 2_000,
    delayMicroseconds: 10_000,
    direction: 'replies',
  })
  const { tookMs, data, chunks } = await exchange()
  expect(data.equals(response)).toBe(true)
  expect(chunks).toBeGreaterThan(5)
  expect(tookMs).toBeGreaterThanOrEqual(100)
})

test('corrupt: every byte that comes has exactly one bit flipped', async () => {
  await using _fault = await inject('corrupt', { probability: 1 })
  const { data } = await exchange()
  const flipped = data.map((byte, at) => byte ^ (response[at] as number))
  expect(flipped.every((bits) => bits !== 0 && (bits & (bits - 1)) === 0)).toBe(true)
  expect(reached).toBe('GET / HTTP/1.1\r\n\r\n')
})

test('limit-data: exactly 7 bytes come, then the connection ends', async () => {
  await using _fault = await inject('limit-data', { bytes: 7 })
  expect(await exchange()).toMatchObject({ how: 'end', data: Buffer.from(head.slice(0, 7)) })
})

test('slow-close: the end comes 150 ms later in each direction', async () => {
  await using _fault = await inject('slow-close', { delayMs: 150 })
  const peer = await dialTo(port)
  const fromMs = performance.now()
  peer.socket.end()
  const { how, atMs } = await peer.over
  expect(how).toBe('end')
  expect(atMs - fromMs).toBeGreaterThanOrEqual(300)
})

test('http-error: the chosen route is answered with the status, and never reaches the server', async () => {
  await using _fault = await inject('http-error', { route: '/charges', status: 502, body: 'no' })
  const { data } = await exchange(20, '/charges')
  expect(data.toString()).toMatch(/^HTTP\/1\.1 502 .*no$/s)
  expect(reached).toBe('')
  expect((await exchange()).data.equals(response)).toBe(true)
})

test('http-delay: the chosen route takes 150 ms longer', async () => {
  await using _fault = await inject('http-delay', { route: '/charges', delayMs: 150 })
  const { tookMs, data } = await exchange(response.length, '/charges')
  expect(tookMs).toBeGreaterThanOrEqual(150)
  expect(data.equals(response)).toBe(true)
})

test('http-cut: the second response ends after 100 bytes of its body', async () => {
  await using _fault = await inject('http-cut', { nth: 2, afterBytes: 100 })
  expect(await exchange()).toMatchObject({ how: 'whole', data: response })
  const { how, data } = await exchange()
  expect([how, data.length]).toEqual(['end', head.length + 100])
  expect(await exchange()).toMatchObject({ how: 'whole', data: response })
})

test('http-replace: the server receives the request, and the caller receives another status', async () => {
  await using _fault = await inject('http-replace', { route: '/charges', status: 429 })
  const { data } = await exchange(response.length, '/charges')
  expect(data.toString()).toMatch(/^HTTP\/1\.1 429 /)
  expect(reached).toBe('GET /charges HTTP/1.1\r\n\r\n')
})

test('idle-timeout: a connection that carries nothing for 100 ms ends', async () => {
  await using _fault = await inject('idle-timeout', { idleMs: 100, how: 'rst' })
  const { how, data } = await exchange(response.length + 1)
  expect([how, data.length]).toEqual(['ECONNRESET', response.length])
})

test('duplicate: the server receives the request twice', async () => {
  await using _fault = await inject('duplicate', { exchange: 'GET /charges' })
  expect((await exchange(response.length, '/charges')).data.equals(response)).toBe(true)
  await expect.poll(() => reached).toBe('GET /charges HTTP/1.1\r\n\r\n'.repeat(2))
})

test('reorder: the server receives the request that came second first', async () => {
  await using _fault = await inject('reorder', { waitMs: 5_000 })
  const first = await dialTo(port)
  const before = proxy.plane.link(link).figures().upstream.received
  first.socket.write('GET /first HTTP/1.1\r\n\r\n')
  await expect
    .poll(() => proxy.plane.link(link).figures().upstream.received)
    .toBeGreaterThan(before)
  await exchange(response.length, '/second')
  await first.received(response.length)
  expect(reached).toMatch(/second[^]*first/)
  first.socket.destroy()
})
