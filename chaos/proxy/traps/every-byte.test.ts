import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { TrapRequest } from '#chaos/contracts/links.ts'

import { postgresBytes as pg } from '../protocols/testing/postgres-bytes.ts'
import { anyCuts, cut } from '../protocols/testing/units.ts'
import { FakePlane } from './testing/fake-plane.ts'

/** Traps and taps on the link while bytes pass: none of them may change the bytes. */
const watchers: readonly (Partial<TrapRequest> | 'tap')[] = [
  'tap',
  { phase: 'before', exchange: 'DOES NOT EXIST' },
  { phase: 'after', exchange: 'DOES NOT EXIST' },
  { phase: 'before', exchange: '*', then: { do: 'deliver' } },
  { phase: 'after', exchange: '*', then: { do: 'deliver' }, nth: 2 },
  { phase: 'after', exchange: '*', then: { do: 'delay', delayMs: 30 }, transaction: 'o-1-000001' },
  { phase: 'before', exchange: '*', then: { do: 'delay', delayMs: 30 }, nth: 2 },
]
const text = fc.string({ unit: 'binary', maxLength: 200 })
const exchange = {
  postgres: fc
    .tuple(fc.constantFrom('SELECT 1', 'COMMIT', 'INSERT INTO orders VALUES ($1)'), text)
    .map(([sql, value]) => [
      pg.extended(sql, [value, 'o-1-000001.x']),
      Buffer.concat([pg.message('D', value), pg.complete(sql), pg.ready('I')]),
    ]),
  redis: text.map((value) => [
    Buffer.from(`*2\r\n$3\r\nGET\r\n$${Buffer.byteLength(value)}\r\n${value}\r\n`),
    Buffer.from(`>1\r\n+hello\r\n$${Buffer.byteLength(value)}\r\n${value}\r\n`),
  ]),
  http: text.map((value) => [
    Buffer.from(`POST /a HTTP/1.1\r\ncontent-length: ${Buffer.byteLength(value)}\r\n\r\n${value}`),
    Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(value)}\r\n\r\n${value}`),
  ]),
} as const
const starts = {
  postgres: [
    pg.startup(pg.version3, 'user\0a\0\0'),
    Buffer.concat([pg.authentication(0), pg.ready('I')]),
  ],
  redis: [],
  http: [],
} as const

test.each(['postgres', 'redis', 'http'] as const)(
  'every byte of a conversation in %s passes unchanged with any trap or tap, however it is cut',
  (protocol) => {
    const watcher = fc.constantFrom(...watchers)
    const exchanges = fc.array(exchange[protocol], { maxLength: 5 })
    fc.assert(
      fc.property(watcher, exchanges, anyCuts, fc.boolean(), (watch, list, cuts, pipelined) => {
        const world = watched(protocol, watch)
        const connection = world.connect('a:b')
        const rounds = [starts[protocol], ...list].filter((round) => round.length > 0)
        const batches = pipelined
          ? [[Buffer.concat(rounds.map(([a]) => a!)), Buffer.concat(rounds.map(([, b]) => b!))]]
          : rounds
        for (const [request, reply] of batches) {
          for (const chunk of cut(request!, cuts)) connection.ask(chunk)
          world.pass(300)
          for (const chunk of cut(reply!, cuts)) connection.answer(chunk)
          world.pass(2_000)
        }
        connection.inspector?.ended('upstream')
        connection.inspector?.ended('downstream')
        expect(connection.opaqueDetail).toBeUndefined()
        expect(connection.bytes('upstream')).toEqual(Buffer.concat(rounds.map(([a]) => a!)))
        expect(connection.bytes('downstream')).toEqual(Buffer.concat(rounds.map(([, b]) => b!)))
        expect(connection.held).toEqual({ upstream: 0, downstream: 0 })
      }),
    )
  },
)

test.each(['postgres', 'redis', 'http'] as const)(
  'garbage on a link of %s passes unchanged: no byte is lost or held, and no error is thrown',
  (protocol) => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((each) => Buffer.from(each))
    const beginnings = fc.constantFrom(
      'GET / HTTP/1.1\r\n',
      '*2\r\n$3\r\n',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
      'Q\0\0\0\x20',
      'Z\0\0\0\x05',
      '+OK\r\n$10\r\n',
    )
    const garbage = fc.oneof(
      bytes,
      fc.tuple(beginnings, bytes).map(([a, b]) => Buffer.concat([Buffer.from(a, 'latin1'), b])),
    )
    const chunks = fc.array(fc.tuple(fc.boolean(), garbage), { maxLength: 12 })
    fc.assert(
      fc.property(fc.constantFrom(...watchers), chunks, fc.boolean(), (watch, list, joined) => {
        const world = watched(protocol, watch)
        const connection = world.connect(
          'a:b',
          joined ? { last: 'downstream', downstream: '+\r\n' } : undefined,
        )
        for (const [up, chunk] of list) {
          if (up) connection.ask(chunk)
          else connection.answer(chunk)
        }
        // The beginning of a message is held for 250 ms or a second at most.
        world.pass(250)
        world.pass(1_000)
        const sent = (up: boolean) =>
          Buffer.concat(list.filter(([side]) => side === up).map(([, chunk]) => chunk))
        expect(connection.bytes('upstream')).toEqual(sent(true))
        expect(connection.bytes('downstream')).toEqual(sent(false))
        expect(connection.state).toBe('open')
      }),
      { numRuns: 300 },
    )
  },
)

test('a reply of many megabytes streams through while a trap for another exchange is armed', () => {
  const world = watched('postgres', { phase: 'after', exchange: 'COMMIT' })
  const connection = world.connect('a:b', { last: 'downstream', downstream: 'Z\0\0\0\x05I' })
  connection.ask(pg.query('SELECT * FROM big'))
  const row = pg.message('D', Buffer.alloc(64 * 1024, 7))
  for (let i = 0; i < 200; i++) {
    connection.answer(row)
    expect(connection.held.downstream).toBe(0)
  }
  connection.answer(pg.ready('I'))
  expect(connection.bytes('downstream').length).toBe(200 * row.length + 6)
})

test('a trap holds only a bounded part of a huge request or reply', () => {
  const world = watched('http', { phase: 'before', exchange: 'POST /up' })
  world.arm({ id: 'after', links: ['a:b'], exchange: 'POST /up', phase: 'after' })
  const connection = world.connect('a:b')
  connection.ask('POST /up HTTP/1.1\r\ncontent-length: 100000000\r\n\r\n')
  for (let i = 0; i < 3; i++) connection.ask(Buffer.alloc(40_000))
  expect(world.traps).toMatchObject([{ id: 'trap', what: 'sprung' }])
  world.inspection.release('trap', 'deliver')
  connection.ask(Buffer.alloc(40_000))
  expect(connection.held.upstream).toBe(0)
  connection.answer('HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n')
  for (let i = 0; i < 30; i++) connection.answer(Buffer.alloc(40_000))
  expect(world.traps.at(-1)).toMatchObject({ id: 'after', what: 'sprung' })
})

function watched(protocol: 'postgres' | 'redis' | 'http', watch: Partial<TrapRequest> | 'tap') {
  const world = new FakePlane({ 'a:b': protocol })
  if (watch === 'tap') world.inspection.tap(['a:b'], { expiresInMs: 600_000 })
  else world.arm({ links: ['a:b'], exchange: '*', expiresInMs: 600_000, ...watch })
  return world
}
