import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { ProtocolError } from './framer.ts'
import { PostgresReplyFramer, PostgresRequestFramer, sslRequest } from './postgres-framers.ts'
import { postgresBytes as pg } from './testing/postgres-bytes.ts'
import { anyCuts, endsOf, passOrRefuse, unitEnds } from './testing/units.ts'

const text = fc.string({ unit: 'binary', maxLength: 300 })
const bytes = fc.uint8Array({ maxLength: 2_000 }).map((array) => Buffer.from(array))
const requestUnit = fc.oneof(
  text.map((sql) => pg.query(sql)),
  fc.tuple(text, fc.array(text, { maxLength: 4 })).map(([sql, values]) => pg.extended(sql, values)),
  bytes.map((data) => Buffer.concat([pg.message('d', data), pg.message('c')])),
  fc.constant(pg.sync),
  text.map((sql) => Buffer.concat([pg.parse('s1', sql), pg.flush, pg.bind('s1'), pg.sync])),
)
const replyUnit = fc
  .tuple(
    fc.array(
      fc.oneof(
        bytes.map((row) => pg.message('D', row)),
        bytes.map((row) => pg.message('E', row)),
        bytes.map((row) => pg.message('N', row)),
        fc.constant(pg.message('1')),
        fc.constant(pg.complete('INSERT 0 1')),
      ),
      { maxLength: 8 },
    ),
    fc.constantFrom('I', 'T', 'E'),
  )
  .map(([messages, status]) => Buffer.concat([...messages, pg.ready(status)]))

test('requests end at the same bytes however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(requestUnit, { maxLength: 8 }), anyCuts, (units, cuts) => {
      const all = [pg.startup(pg.version3, 'user\0shop\0\0'), ...units]
      const framer = new PostgresRequestFramer(true)
      expect(unitEnds(framer, Buffer.concat(all), cuts)).toEqual(endsOf(all))
    }),
  )
})

test('replies end at the same bytes however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(replyUnit, { maxLength: 8 }), anyCuts, (units, cuts) => {
      expect(unitEnds(new PostgresReplyFramer(), Buffer.concat(units), cuts)).toEqual(endsOf(units))
    }),
  )
})

test('the reply to a refused request for encryption is one byte, then the connection starts', () => {
  const requests = new PostgresRequestFramer(true)
  expect(unitEnds(requests, pg.startup(sslRequest), [3])).toEqual([8])
  expect(requests.startupCode).toBe(sslRequest)
  const replies = new PostgresReplyFramer()
  replies.negotiating = true
  expect(unitEnds(replies, Buffer.from('N'), [])).toEqual([1])
  expect(replies.end).toBe('N')
  requests.restart()
  const start = pg.startup(pg.version3, 'user\0shop\0\0')
  expect(unitEnds(requests, start, [1, 2, 5, 9])).toEqual([start.length])
})

test('a request for a password ends the unit of the server, and ReadyForQuery ends the next one', () => {
  const units = [
    pg.authentication(10),
    pg.authentication(11),
    Buffer.concat([
      pg.authentication(12),
      pg.authentication(0),
      pg.message('S', 'a\0b\0'),
      pg.message('K', '12345678'),
      pg.ready('I'),
    ]),
  ]
  const replies = new PostgresReplyFramer()
  expect(unitEnds(replies, Buffer.concat(units), [])).toEqual(endsOf(units))
  expect(replies.status).toBe('I')
})

test('the data of a COPY that was sent with Parse and Execute ends at the Sync after it', () => {
  const requests = new PostgresRequestFramer(false)
  const copy = pg.extended('COPY orders FROM STDIN')
  expect(unitEnds(requests, copy, [])).toEqual([copy.length])
  expect(requests.extended).toBe(true)
  requests.copying = 'extended'
  const data = Buffer.concat([pg.message('d', 'a'), pg.message('c'), pg.sync])
  expect(unitEnds(requests, data, [3, 9])).toEqual([data.length])
  const next = pg.query('SELECT 1')
  expect(unitEnds(requests, next, [])).toEqual([next.length])
})

test('a Flush makes the unit urgent, and the unit continues', () => {
  const requests = new PostgresRequestFramer(false)
  const start = Buffer.concat([pg.parse('a', 'SELECT 1'), pg.flush])
  expect(requests.scan(start, 0)).toBe(start.length)
  expect([requests.ended, requests.urgent]).toEqual([false, true])
  expect(requests.scan(pg.sync, 0)).toBe(5)
  expect([requests.ended, requests.urgent]).toEqual([true, false])
})

test.each([
  ['a message type that does not exist', Buffer.from('!\0\0\0\x04')],
  ['a Sync that is too long', Buffer.from('S\0\0\0\x09aaaaa')],
  ['a length below four', Buffer.from('Q\0\0\0\x01')],
])('%s is not Postgres', (_, garbage) => {
  expect(() => new PostgresRequestFramer(false).scan(garbage, 0)).toThrow(ProtocolError)
})

test('garbage is refused or passes as the beginning of a message, and the framer always makes progress', () => {
  fc.assert(
    fc.property(bytes, anyCuts, fc.boolean(), (garbage, cuts, starting) => {
      expect(passOrRefuse(new PostgresRequestFramer(starting), garbage, cuts)).toMatch(
        /passed|refused/,
      )
      expect(passOrRefuse(new PostgresReplyFramer(), garbage, cuts)).toMatch(/passed|refused/)
    }),
    { numRuns: 300 },
  )
})
