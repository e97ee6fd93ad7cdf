import { expect, test } from 'vitest'

import { postgresBytes as pg } from '../protocols/testing/postgres-bytes.ts'
import { FakePlane } from './testing/fake-plane.ts'

const world = () => {
  const plane = new FakePlane({ pg: 'postgres', redis: 'redis', http: 'http' })
  plane.inspection.tap(['pg', 'redis', 'http'], { expiresInMs: 60_000 })
  return plane
}

test('a tap reports requests and replies with signature, transaction, status and time', () => {
  const plane = world()
  const connection = plane.connect('http')
  connection.ask('POST /charges?x=1 HTTP/1.1\r\nIdempotency-Key: o-7f-000017\r\n')
  connection.ask('content-length: 2\r\n\r\n{}')
  plane.pass(7)
  connection.answer('HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nok')
  expect(plane.exchanges).toMatchObject([
    {
      link: 'http',
      connection: connection.id,
      exchange: 1,
      part: 'request',
      signature: 'POST /charges',
      transaction: 'o-7f-000017',
      bytes: 81,
      summary: 'POST /charges?x=1 {}',
    },
    { part: 'reply', exchange: 1, status: '201', tookMs: 7, summary: 'ok', bytes: 45 },
  ])
})

test('the start of a Postgres connection is read: encryption refused, password, ready', () => {
  const plane = world()
  const connection = plane.connect('pg')
  connection.ask(pg.startup(80_877_103))
  connection.answer('N')
  connection.ask(pg.startup(pg.version3, 'user\0shop\0\0'))
  connection.answer(pg.authentication(10))
  connection.ask(pg.message('p', 'SCRAM-SHA-256\0'))
  connection.answer(Buffer.concat([pg.authentication(12), pg.authentication(0), pg.ready('I')]))
  connection.ask(pg.message('X'))
  expect(connection.opaqueDetail).toBeUndefined()
  expect(plane.exchanges.map(({ part, signature }) => `${part} ${signature}`)).toEqual([
    'request encryption?',
    'reply encryption?',
    'request connect',
    'reply connect',
    'request authenticate',
    'reply authenticate',
    'request disconnect',
  ])
})

test('an encrypted connection becomes opaque and its bytes pass', () => {
  const plane = world()
  const connection = plane.connect('pg')
  connection.ask(pg.startup(80_877_103))
  connection.answer('S')
  connection.ask('\x16\x03\x01 whatever')
  expect(connection.text('upstream')).toContain('whatever')
  expect(connection.opaqueDetail).toBeDefined()
})

test('a named statement has the signature of its SQL, and an error has its code', () => {
  const plane = world()
  const connection = plane.connect('pg', { last: 'downstream', downstream: 'Z\0\0\0\x05I' })
  connection.ask(
    Buffer.concat([pg.parse('take', 'UPDATE products SET stock = stock - $1'), pg.sync]),
  )
  connection.answer(Buffer.concat([pg.message('1'), pg.ready('I')]))
  connection.ask(Buffer.concat([pg.bind('take', ['3']), pg.execute(), pg.sync]))
  connection.answer(
    Buffer.concat([pg.message('E', 'SERROR\0C23514\0Mnot enough\0\0'), pg.ready('I')]),
  )
  expect(plane.exchanges.map(({ signature }) => signature)).toEqual([
    'PREPARE UPDATE products',
    'PREPARE UPDATE products',
    'UPDATE products',
    'UPDATE products',
  ])
  expect(plane.exchanges.at(-1)).toMatchObject({ status: 'ERROR 23514', summary: 'not enough' })
})

test('a statement that is sent in parts has the signature of each part', () => {
  const plane = world()
  const connection = plane.connect('pg', { last: 'downstream', downstream: 'Z\0\0\0\x05I' })
  plane.arm({ links: ['pg'], exchange: 'SELECT orders' })
  connection.ask(Buffer.concat([pg.parse('', 'SELECT * FROM orders'), pg.bind(''), pg.flush]))
  expect(connection.held.upstream).toBe(0)
  connection.ask(Buffer.concat([pg.execute(), pg.sync]))
  expect(plane.traps).toMatchObject([{ what: 'sprung', exchange: 'SELECT orders' }])
})

test('the data of a COPY is a separate exchange', () => {
  const plane = world()
  const connection = plane.connect('pg', { last: 'downstream', downstream: 'Z\0\0\0\x05I' })
  connection.ask(pg.query('COPY orders FROM STDIN'))
  connection.answer(pg.message('G', '\0\0\0'))
  connection.ask(pg.message('d', 'row'))
  connection.ask(pg.message('c'))
  connection.answer(Buffer.concat([pg.complete('COPY 1'), pg.ready('I')]))
  connection.ask(pg.query('SELECT 1'))
  connection.answer(Buffer.concat([pg.complete('SELECT 1'), pg.ready('I')]))
  const seen = plane.exchanges.map(({ part, signature, status }) =>
    [part, signature, status].filter((word) => word !== undefined).join(' '),
  )
  expect(seen).toEqual([
    'request COPY orders',
    'reply COPY orders ',
    'request COPY data',
    'reply COPY data COPY 1',
    'request SELECT',
    'reply SELECT SELECT 1',
  ])
})

test('a script has one signature, whether its text or its hash is sent', () => {
  const plane = world()
  const connection = plane.connect('redis')
  const command = (...parts: string[]): string =>
    `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`
  connection.ask(command('EVAL', 'return 1', '0'))
  connection.ask(command('evalsha', 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db', '0'))
  connection.ask(command('client', 'setinfo', 'lib-name', 'x'))
  connection.answer(':1\r\n:1\r\n>1\r\n+invalidate\r\n+OK\r\n')
  expect(plane.exchanges.map(({ signature, part }) => `${part} ${signature}`)).toEqual([
    'request script e0e1f9fa',
    'request script e0e1f9fa',
    'request CLIENT SETINFO',
    'reply script e0e1f9fa',
    'reply script e0e1f9fa',
    'reply CLIENT SETINFO',
  ])
})

test('a job that a worker receives has its transaction only in the reply', () => {
  const plane = world()
  const connection = plane.connect('redis')
  connection.ask('LPOP jobs\r\n')
  connection.answer('$12\r\no-7f-000017.\r\n')
  expect(plane.exchanges.map(({ transaction }) => transaction)).toEqual([undefined, 'o-7f-000017'])
})

test('a subscription has no pairs: the connection becomes opaque and its bytes pass', () => {
  const plane = world()
  const connection = plane.connect('redis')
  connection.ask('SUBSCRIBE news\r\n')
  connection.answer('*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n')
  expect(connection.opaqueDetail).toMatch(/SUBSCRIBE/)
  expect(connection.text('downstream')).toContain('subscribe')
})

test('an upgraded connection becomes opaque and its bytes pass', () => {
  const plane = world()
  const connection = plane.connect('http')
  connection.ask('GET /ws HTTP/1.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
  connection.answer('HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x02hi')
  expect(connection.text('downstream')).toContain('\x81\x02hi')
  expect(connection.opaqueDetail).toBeDefined()
})

test('a reply that ends with its connection is reported at the end', () => {
  const plane = world()
  const connection = plane.connect('http')
  connection.ask('GET /metrics HTTP/1.0\r\n\r\n')
  connection.answer('HTTP/1.1 200 OK\r\n\r\nsome')
  expect(plane.exchanges).toHaveLength(1)
  connection.inspector?.ended('downstream')
  expect(plane.exchanges.at(-1)).toMatchObject({ part: 'reply', status: '200' })
  expect(connection.ends).toEqual(['downstream'])
})

test('of several links, those that pass bytes are not tapped; alone, such a link cannot be', () => {
  const plane = new FakePlane({ http: 'http', raw: undefined })
  const { inspection } = plane
  inspection.tap(['raw', 'http'], { expiresInMs: 60_000 })
  plane.connect('http').ask('GET / HTTP/1.1\r\n\r\n')
  plane.connect('raw').ask('anything')
  expect(plane.exchanges.map(({ link }) => link)).toEqual(['http'])
  expect(() => inspection.tap(['raw'], { expiresInMs: 60_000 })).toThrow('has no protocol')
  expect(() => inspection.tap(['http', 'absent'], { expiresInMs: 60_000 })).toThrow('absent')
})
