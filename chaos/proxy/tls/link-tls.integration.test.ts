import { expect, test, vi } from 'vitest'

import type { ExchangeEvent, LinkStatus } from '#chaos/contracts/links.ts'

import { createLinkControl } from '../client/link-control.ts'
import { postgresBytes } from '../protocols/testing/postgres-bytes.ts'
import { createLinkLab, dialTo, type LinkLab, listenOn, type Peer } from '../testing/link-lab.ts'

const { complete, message, query, ready, startup, version3 } = postgresBytes
const sslRequest = startup(80_877_103)
const gssRequest = startup(80_877_104)
const connect = startup(version3, 'user\0ann\0\0')
const hello = Buffer.from([0x16, 0x03, 0x01, 0, 1, 1])
const authenticated = Buffer.concat([message('R', Buffer.alloc(4)), ready('I')])
const selected = Buffer.concat([complete('SELECT 1'), ready('I')])
const refused = message('E', 'SFATAL\0C28000\0Mkein pg_hba.conf-Eintrag\0RClientAuthentication\0\0')

/** A Postgres server that can encrypt, and a link to it. `received`: the first bytes of each packet. */
async function createTlsLab(
  link: { readonly tls?: 'avoid' | 'pass'; readonly protocol?: string },
  more: { readonly onlyTls?: boolean } = {},
): Promise<
  AsyncDisposable & {
    readonly lab: LinkLab
    readonly received: readonly string[]
    dial(): Promise<Peer>
    tls(): Promise<LinkStatus['tls']>
  }
> {
  const received: string[] = []
  const server = await listenOn((socket) => {
    socket.on('end', () => socket.end())
    socket.on('data', (chunk) => {
      received.push(chunk.subarray(0, 8).toString('hex'))
      if (chunk.equals(sslRequest)) socket.write('S')
      else if (chunk.equals(hello)) socket.write(hello)
      else if (chunk[0] === 0x51) socket.write(selected)
      else if (chunk.equals(connect)) socket.write(more.onlyTls === true ? refused : authenticated)
    })
  })
  const lab = await createLinkLab(() => undefined)
  const made = await lab.api('POST', '/proxies', {
    name: 'web:db',
    listen: '127.0.0.1:0',
    upstream: server.address,
    protocol: 'postgres',
    ...link,
  })
  const port = Number((made.body as { listen: string }).listen.split(':').at(-1))
  return {
    lab,
    received,
    dial: async () => await dialTo(port),
    tls: async () => {
      const links = (await lab.api('GET', '/links')).body as readonly LinkStatus[]
      return links.find(({ name }) => name === 'web:db')?.tls
    },
    [Symbol.asyncDispose]: async () => {
      await lab[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

async function send(peer: Peer, bytes: Buffer, expected: number): Promise<string> {
  const before = peer.got.bytes
  peer.socket.write(bytes)
  await peer.received(before + expected)
  return Buffer.concat(peer.got.chunks).subarray(before).toString('latin1')
}

test('a client that prefers TLS goes on in plain text, and the server never sees its question', async () => {
  await using at = await createTlsLab({ tls: 'avoid' })
  const peer = await at.dial()
  expect(await send(peer, gssRequest, 1)).toBe('N')
  expect(await send(peer, sslRequest, 1)).toBe('N')
  expect(await send(peer, connect, authenticated.length)).toBe(authenticated.toString('latin1'))
  expect(at.received).toEqual([connect.subarray(0, 8).toString('hex')])
  expect(await at.tls()).toBeUndefined()
})

test('a request for encryption that comes in parts is answered once', async () => {
  await using at = await createTlsLab({ tls: 'avoid' })
  const peer = await at.dial()
  peer.socket.write(sslRequest.subarray(0, 3))
  await vi.waitFor(async () => expect((await links(at.lab)).upstream).toBe(3))
  expect(await send(peer, sslRequest.subarray(3), 1)).toBe('N')
})

test('a client that requires TLS closes once, and reaches it as bytes from then on', async () => {
  await using at = await createTlsLab({ tls: 'avoid' })
  const first = await at.dial()
  expect(await send(first, sslRequest, 1)).toBe('N')
  first.socket.end()
  await first.over
  const second = await at.dial()
  expect(await send(second, sslRequest, 1)).toBe('S')
  expect(await send(second, hello, hello.length)).toBe(hello.toString('latin1'))
  expect(await at.tls()).toBe('bytes')
  expect(at.lab.events.map(({ what, detail }) => `${what} ${detail}`)).toContain(
    'opaque a client requires TLS, and closed without it: from now on TLS passes as bytes',
  )
})

test('a server that refuses plain text is reached with TLS from then on', async () => {
  await using at = await createTlsLab({ tls: 'avoid' }, { onlyTls: true })
  const first = await at.dial()
  expect(await send(first, sslRequest, 1)).toBe('N')
  expect(await send(first, connect, refused.length)).toBe(refused.toString('latin1'))
  const second = await at.dial()
  expect(await send(second, sslRequest, 1)).toBe('S')
})

test('a client that closes after its start-up packet does not require TLS', async () => {
  await using at = await createTlsLab({ tls: 'avoid' })
  const peer = await at.dial()
  expect(await send(peer, sslRequest, 1)).toBe('N')
  await send(peer, connect, authenticated.length)
  peer.socket.end()
  await peer.over
  expect(await send(await at.dial(), sslRequest, 1)).toBe('N')
})

test('`pass` and no policy let the server answer; only `pass` shows TLS', async () => {
  for (const tls of ['pass', undefined] as const) {
    await using at = await createTlsLab(tls === undefined ? {} : { tls })
    const peer = await at.dial()
    expect(await send(peer, sslRequest, 1)).toBe('S')
    await send(peer, hello, hello.length)
    expect(await at.tls()).toBe(tls === undefined ? undefined : 'bytes')
  }
})

test.each([undefined, 'redis', 'http', 'postgres'])(
  'TLS without a question is seen on a link with protocol %s, and passes unchanged',
  async (protocol) => {
    await using at = await createTlsLab({
      tls: 'avoid',
      ...(protocol === undefined ? { protocol: undefined as never } : { protocol }),
    })
    const peer = await at.dial()
    expect(await send(peer, hello, hello.length)).toBe(hello.toString('latin1'))
    expect(await at.tls()).toBe('bytes')
  },
)

test.each([
  ['inspected', true],
  ['not inspected', false],
])('messages are found after the answer N, on a link that is %s', async (_, isInspected) => {
  await using at = await createTlsLab({ tls: 'avoid' })
  const control = createLinkControl(at.lab.proxy.url)
  await using recording = await control.record({
    expiresInMs: 60_000,
    messagesMax: 100,
    bytesMax: 100_000,
  })
  if (isInspected) await control.tap(['web:db'], { expiresInMs: 60_000 })
  const peer = await at.dial()
  expect(await send(peer, sslRequest, 1)).toBe('N')
  await send(peer, connect, authenticated.length)
  await send(peer, query("select 'o-7f-000017'"), selected.length)
  const { lines } = await recording.read()
  const messages = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ExchangeEvent)
  expect(messages.map(({ part, signature, link }) => [part, signature, link])).toEqual([
    ['request', 'SELECT', 'web:db'],
    ['reply', 'SELECT', 'web:db'],
  ])
  expect(at.lab.events.filter(({ what }) => what === 'opaque')).toEqual([])
})

async function links(lab: LinkLab): Promise<{ readonly upstream: number }> {
  const all = (await lab.api('GET', '/links')).body as readonly LinkStatus[]
  return { upstream: all.find(({ name }) => name === 'web:db')?.bytesUpstream ?? 0 }
}

test('another value is refused with the known ones', async () => {
  await using at = await createTlsLab({})
  const proxy = { name: 'x', upstream: '127.0.0.1:1', tls: 'off' }
  const { status, body } = await at.lab.api('POST', '/proxies', proxy)
  expect(status).toBe(400)
  expect(JSON.stringify(body)).toContain('avoid, pass')
})
