import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { postgresBytes as pg } from '../protocols/testing/postgres-bytes.ts'
import { FakePlane } from './testing/fake-plane.ts'

const links = { 'api-1:postgres': 'postgres', 'api-2:postgres': 'postgres' } as const
const idle = { last: 'downstream', downstream: 'Z\0\0\0\x05I' } as const

function plane(): FakePlane {
  return new FakePlane({ ...links, 'a:redis': 'redis', 'a:http': 'http', 'a:tcp': undefined })
}

test('a request that springs a trap is held until it is released', () => {
  const world = plane()
  world.arm({ links: ['api-1:postgres'], exchange: 'COMMIT' })
  const connection = world.connect('api-1:postgres', idle)
  connection.ask(pg.query('BEGIN'))
  connection.answer(Buffer.concat([pg.complete('BEGIN'), pg.ready('T')]))
  connection.ask(Buffer.concat([pg.query('COMMIT'), pg.query('SELECT 1')]))
  expect(connection.bytes('upstream')).toEqual(pg.query('BEGIN'))
  expect(world.traps).toMatchObject([
    { what: 'sprung', id: 'trap', exchange: 'COMMIT', phase: 'before', connection: connection.id },
  ])
  world.inspection.release('trap', 'deliver')
  expect(connection.bytes('upstream')).toEqual(
    Buffer.concat([pg.query('BEGIN'), pg.query('COMMIT'), pg.query('SELECT 1')]),
  )
  expect(world.traps.map(({ what }) => what)).toEqual(['sprung', 'released'])
  expect(connection.held).toEqual({ upstream: 0, downstream: 0 })
})

test('a reply is held after its request was executed', () => {
  const world = plane()
  world.arm({ links: ['api-1:postgres'], exchange: 'COMMIT', phase: 'after' })
  const connection = world.connect('api-1:postgres', idle)
  connection.ask(pg.query('COMMIT'))
  expect(connection.bytes('upstream')).toEqual(pg.query('COMMIT'))
  connection.answer(pg.complete('COMMIT'))
  expect(world.traps).toEqual([])
  connection.answer(pg.ready('I'))
  expect(connection.text('downstream')).toBe('')
  expect(world.traps).toMatchObject([{ what: 'sprung', phase: 'after', exchange: 'COMMIT' }])
  world.inspection.release('trap', 'cut')
  expect([connection.state, connection.text('downstream')]).toEqual(['cut', ''])
})

test('matches are counted over all connections of all links of the trap', () => {
  const world = plane()
  world.arm({
    links: Object.keys(links),
    exchange: 'INSERT *',
    nth: 3,
    then: { do: 'deliver' },
  })
  const [a, b, c] = ['api-1', 'api-2', 'api-1'].map((caller) =>
    world.connect(`${caller}:postgres`, idle),
  )
  a?.ask(pg.extended('INSERT INTO orders VALUES ($1)', ['x']))
  b?.ask(pg.extended('SELECT * FROM orders'))
  b?.ask(pg.extended('INSERT INTO outbox VALUES ($1)', ['x']))
  expect(world.traps).toEqual([])
  c?.ask(pg.query('insert into orders values (1)'))
  expect(world.traps).toMatchObject([{ what: 'sprung', connection: c?.id, link: 'api-1:postgres' }])
  expect(world.inspection.traps()).toMatchObject([{ state: 'sprung', seen: 3 }])
})

test('COMMIT belongs to the order that its transaction carried, even when the order came in a reply', () => {
  const world = plane()
  world.arm({ links: ['api-1:postgres'], exchange: 'COMMIT', transaction: 'o-1-000002' })
  const [mine, other, told] = [1, 2, 3].map(() => world.connect('api-1:postgres', idle))
  for (const [connection, key] of [
    [other, 'o-1-000001'],
    [mine, 'o-1-000002'],
  ] as const) {
    connection?.ask(pg.query('BEGIN'))
    connection?.answer(Buffer.concat([pg.complete('BEGIN'), pg.ready('T')]))
    connection?.ask(pg.extended('INSERT INTO orders VALUES ($1)', [`${key}.k3x9`]))
    connection?.answer(Buffer.concat([pg.complete('INSERT 0 1'), pg.ready('T')]))
  }
  other?.ask(pg.query('COMMIT'))
  other?.answer(Buffer.concat([pg.complete('COMMIT'), pg.ready('I')]))
  expect(world.traps).toEqual([])
  // A new transaction on the same connection belongs to no order.
  mine?.ask(pg.query('ROLLBACK'))
  mine?.answer(pg.ready('I'))
  mine?.ask(pg.query('COMMIT'))
  mine?.answer(pg.ready('I'))
  expect(world.traps).toEqual([])
  told?.ask(pg.query('BEGIN'))
  told?.answer(Buffer.concat([pg.complete('BEGIN'), pg.ready('T')]))
  told?.ask(pg.query('SELECT id FROM orders FOR UPDATE SKIP LOCKED'))
  told?.answer(Buffer.concat([pg.message('D', 'o-1-000002.k3x9'), pg.ready('T')]))
  told?.ask(pg.query('COMMIT'))
  expect(world.traps).toMatchObject([
    { what: 'sprung', connection: told?.id, transaction: 'o-1-000002' },
  ])
})

test('a trap can wait for another exchange before it counts', () => {
  const world = plane()
  world.arm({
    links: ['a:redis'],
    exchange: 'GET',
    then: { do: 'deliver' },
    afterExchange: { links: ['a:http'], exchange: 'POST /charges', transaction: 'o-1-000001' },
  })
  const redis = world.connect('a:redis')
  const http = world.connect('a:http')
  const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'
  redis.ask('GET a\r\n')
  http.ask('POST /charges HTTP/1.1\r\nidempotency-key: o-1-000009\r\n\r\n')
  http.answer(ok)
  redis.ask('GET a\r\n')
  expect(world.traps).toEqual([])
  http.ask('POST /charges HTTP/1.1\r\nidempotency-key: o-1-000001\r\n\r\n')
  http.answer(ok)
  redis.ask('GET a\r\n')
  expect(world.traps).toMatchObject([{ what: 'sprung', link: 'a:redis' }])
})

test.each([
  ['cut', 'cut'],
  ['silence', 'mute'],
] as const)('"%s" drops the message', (then, state) => {
  const world = plane()
  world.arm({ links: ['a:redis'], exchange: 'SET', then: { do: then } })
  const connection = world.connect('a:redis')
  connection.ask('GET a\r\nSET a 1\r\n')
  expect([connection.state, connection.text('upstream')]).toEqual([state, 'GET a\r\n'])
})

test('a delayed message is delivered after its delay, and later messages follow', () => {
  const world = plane()
  world.arm({ links: ['a:redis'], exchange: 'SET', then: { do: 'delay', delayMs: 300 } })
  const connection = world.connect('a:redis')
  connection.ask('SET a 1\r\n')
  connection.ask('GET a\r\n')
  world.pass(299)
  expect(connection.text('upstream')).toBe('')
  world.pass(1)
  expect(connection.text('upstream')).toBe('SET a 1\r\nGET a\r\n')
})

test('a replaced request never reaches the callee, and the replacement comes in its turn', () => {
  const world = plane()
  world.arm({ links: ['a:redis'], exchange: 'SET', then: { do: 'replace', reply: 'LOADING wait' } })
  const connection = world.connect('a:redis')
  connection.ask('GET a\r\nSET a 1\r\nGET b\r\n')
  expect(connection.text('upstream')).toBe('GET a\r\nGET b\r\n')
  expect(connection.text('downstream')).toBe('')
  connection.answer('$1\r\nx\r\n')
  connection.answer('$1\r\ny\r\n')
  expect(connection.text('downstream')).toBe('$1\r\nx\r\n-LOADING wait\r\n$1\r\ny\r\n')
})

test('a replaced reply of Postgres leaves a transaction failed, as its own errors do', () => {
  const world = plane()
  world.arm({
    links: ['api-1:postgres'],
    exchange: 'UPDATE products',
    then: { do: 'replace', reply: '40001 could not serialize access' },
  })
  const connection = world.connect('api-1:postgres', { ...idle, downstream: 'Z\0\0\0\x05T' })
  connection.ask(pg.extended('UPDATE products SET stock = 1'))
  expect(connection.text('upstream')).toBe('')
  expect(connection.text('downstream')).toMatch(/^E.*C40001\0Mcould not serialize access.*Z....E$/s)
})

test('a trap replaces an HTTP response with its own', () => {
  const world = plane()
  world.arm({
    links: ['a:http'],
    exchange: 'POST /charges',
    phase: 'after',
    then: { do: 'replace', reply: '503 {"error":"busy"}' },
  })
  const connection = world.connect('a:http')
  connection.ask('POST /charges HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}')
  connection.answer('HTTP/1.1 201 Created\r\ncontent-length: 4\r\n\r\n')
  connection.answer('done')
  expect(connection.text('downstream')).toMatch(/^HTTP\/1.1 503 .*content-length: 16\r\n\r\n\{/s)
  expect(connection.text('downstream')).not.toContain('done')
})

test('the end of a stream waits behind a held message', () => {
  const world = plane()
  world.arm({ links: ['a:redis'], exchange: 'SET' })
  const connection = world.connect('a:redis')
  connection.ask('SET a 1\r\n')
  connection.inspector?.ended('upstream')
  expect(connection.ends).toEqual([])
  world.inspection.release('trap', 'deliver')
  expect([connection.text('upstream'), connection.ends]).toEqual(['SET a 1\r\n', ['upstream']])
})

test('a hold ends with its lease, and a trap that never sprang reports it', () => {
  const world = plane()
  world.arm({ links: ['a:redis'], exchange: 'SET', expiresInMs: 1_000 })
  world.arm({ id: 'never', links: ['a:redis'], exchange: 'DEL', expiresInMs: 1_000 })
  const connection = world.connect('a:redis')
  connection.ask('SET a 1\r\n')
  world.pass(1_000)
  expect(connection.text('upstream')).toBe('SET a 1\r\n')
  expect(world.traps).toMatchObject([
    { id: 'trap', what: 'sprung' },
    { id: 'trap', what: 'released' },
    { id: 'trap', what: 'expired', detail: expect.stringContaining('held message') },
    { id: 'never', what: 'expired', detail: expect.stringContaining('never sprung') },
  ])
  expect(world.inspected.size).toBe(0)
  expect(connection.inspector).toBeUndefined()
})

test('when the connection of a held message ends, the trap reports it, and a later release is not an error', () => {
  const world = plane()
  world.arm({ links: ['a:redis'], exchange: 'SET' })
  const connection = world.connect('a:redis')
  connection.ask('SET a 1\r\n')
  connection.inspector?.closed()
  expect(world.traps.at(-1)).toMatchObject({
    what: 'released',
    detail: expect.stringContaining('connection'),
  })
  world.inspection.release('trap', 'cut')
  expect(world.inspection.traps()).toMatchObject([{ state: 'sprung' }])
})

test('two traps on one message act one after the other', () => {
  const world = plane()
  world.arm({ links: ['a:redis'], exchange: 'S*', then: { do: 'delay', delayMs: 10 } })
  world.arm({ id: 'second', links: ['a:redis'], exchange: 'SET', then: { do: 'cut' } })
  const connection = world.connect('a:redis')
  connection.ask('SET a 1\r\n')
  expect(connection.state).toBe('open')
  world.pass(10)
  expect([connection.state, connection.text('upstream')]).toEqual(['cut', ''])
})

test('a link is read only while it has a trap or a tap', () => {
  const world = plane()
  const before = world.connect('a:redis')
  expect(before.inspector).toBeUndefined()
  world.arm({ links: ['a:redis'], exchange: 'SET', then: { do: 'deliver' } })
  expect(before.inspector).toBeDefined()
  before.ask('SET a 1\r\n')
  expect(world.traps).toHaveLength(1)
  expect(before.inspector).toBeUndefined()
  expect(before.text('upstream')).toBe('SET a 1\r\n')
  const id = world.inspection.tap(['a:redis'], { expiresInMs: 100 })
  expect(before.inspector).toBeDefined()
  world.inspection.untap(id)
  expect(before.inspector).toBeUndefined()
})

test.each([
  [{ links: ['nowhere:redis'] }, /Unknown link "nowhere:redis"/],
  [{ links: ['a:tcp'] }, /a:tcp/],
  [{ then: { do: 'replace', reply: '700 no' } as const }, /700 no/],
])('a trap that cannot be armed is refused: %j', (wrong, message) => {
  const world = plane()
  expect(() => world.arm({ links: ['a:http'], exchange: 'GET /', ...wrong })).toThrow(message)
  expect(() => world.arm({ links: ['a:http'], exchange: 'GET /', ...wrong })).toThrow(InputError)
})

test('healing delivers every held message and ends every trap and tap', () => {
  const world = plane()
  world.arm({ links: ['a:redis'], exchange: 'SET' })
  world.inspection.tap(['a:http'], { expiresInMs: 1_000 })
  const connection = world.connect('a:redis')
  connection.ask('SET a 1\r\n')
  world.inspection.heal()
  expect(connection.text('upstream')).toBe('SET a 1\r\n')
  expect([world.inspected.size, world.inspection.traps().length]).toEqual([0, 0])
})
