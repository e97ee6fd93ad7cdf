import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { postgresBytes as pg } from '../protocols/testing/postgres-bytes.ts'
import { anyCuts, cut } from '../protocols/testing/units.ts'
import { createToxicBench } from '../testing/inspector-context.ts'
import { FakePlane } from '../traps/testing/fake-plane.ts'
import { duplicate } from './duplicate.ts'

const bench = (link: 'pg' | 'redis' | 'http', attributes: Record<string, number | string> = {}) =>
  createToxicBench(
    new FakePlane({ [link]: link === 'pg' ? 'postgres' : link }),
    duplicate,
    attributes,
  )

test('Redis executes a command twice, and the caller receives the first reply only', () => {
  const { connect, log } = bench('redis', { exchange: 'INCR' })
  const connection = connect()
  connection.ask('INCR a\r\nGET a\r\n')
  expect(connection.text('upstream')).toBe('INCR a\r\nINCR a\r\nGET a\r\n')
  connection.answer(':1\r\n:2\r\n')
  connection.answer('$1\r\n2\r\n')
  expect(connection.text('downstream')).toBe(':1\r\n$1\r\n2\r\n')
  expect([connection.held.upstream, connection.held.downstream]).toEqual([0, 0])
  expect(log).toEqual(['touch 1'])
})

test('a request is sent twice whole, and a second reply is swallowed, however the bytes are cut', () => {
  const request = 'POST /charges HTTP/1.1\r\ncontent-length: 4\r\n\r\nbody'
  const reply = (n: number) =>
    `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nn=${n}\r\n0\r\n\r\n`
  fc.assert(
    fc.property(anyCuts, anyCuts, (cuts, replyCuts) => {
      const connection = bench('http').connect()
      for (const piece of cut(Buffer.from(request + request), cuts)) connection.ask(piece)
      expect(connection.text('upstream')).toBe(request.repeat(4))
      const replies = [1, 2, 3, 4].map(reply).join('')
      for (const piece of cut(Buffer.from(replies), replyCuts)) connection.answer(piece)
      expect(connection.text('downstream')).toBe(reply(1) + reply(3))
    }),
  )
})

test('Postgres: everything up to Sync is one message; a start-up packet and COPY are never repeated', () => {
  const connection = bench('pg').connect()
  const start = pg.startup(pg.version3, 'user\0me\0\0')
  const insert = pg.extended('INSERT INTO a VALUES ($1)', ['x'])
  const copy = pg.query('COPY a FROM STDIN')
  connection.ask(start)
  const welcome = Buffer.concat([pg.authentication(0), pg.ready('I')])
  connection.answer(welcome)
  connection.ask(insert)
  const done = (tag: string) => Buffer.concat([pg.complete(tag), pg.ready('I')])
  connection.answer(Buffer.concat([done('INSERT 0 1'), done('INSERT 0 2')]))
  connection.ask(copy)
  expect(connection.bytes('upstream')).toEqual(Buffer.concat([start, insert, insert, copy]))
  expect(connection.bytes('downstream')).toEqual(Buffer.concat([welcome, done('INSERT 0 1')]))
})

test('Postgres: a batch of which a part was already forwarded (Flush) is not repeated', () => {
  const connection = bench('pg').connect()
  const start = pg.startup(pg.version3, 'user\0me\0\0')
  connection.ask(start)
  connection.answer(Buffer.concat([pg.authentication(0), pg.ready('I')]))
  const first = Buffer.concat([pg.parse('', 'SELECT 1'), pg.flush])
  const rest = Buffer.concat([pg.bind(''), pg.execute(), pg.sync])
  connection.ask(first)
  connection.ask(rest)
  expect(connection.bytes('upstream')).toEqual(Buffer.concat([start, first, rest]))
})

test('commands inside MULTI are not repeated: EXEC has one reply for each', () => {
  const connection = bench('redis').connect()
  const commands = 'MULTI\r\nINCR a\r\nEXEC\r\n'
  connection.ask(commands)
  expect(connection.text('upstream')).toBe(commands)
})

test('rate is drawn for each request', () => {
  const { connect } = bench('redis', { rate: 0.3 })
  const connection = connect()
  for (let i = 0; i < 1_000; i++) connection.ask('PING\r\n')
  const copies = connection.text('upstream').split('PING').length - 1 - 1_000
  expect(Math.abs(copies - 300)).toBeLessThan(60)
})

test('when it is removed, it still swallows the replies that it owes', () => {
  const { connect, remove } = bench('redis')
  const connection = connect()
  connection.ask('INCR a\r\n')
  remove()
  expect(connection.inspector).toBeDefined()
  connection.ask('GET a\r\n')
  connection.answer(':1\r\n:2\r\n$1\r\n2\r\n')
  expect(connection.text('upstream')).toBe('INCR a\r\nINCR a\r\nGET a\r\n')
  expect(connection.text('downstream')).toBe(':1\r\n$1\r\n2\r\n')
  expect(connection.inspector).toBeUndefined()
})
