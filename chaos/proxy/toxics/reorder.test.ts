import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Stream } from '../plane/inspector.ts'
import { postgresBytes as pg } from '../protocols/testing/postgres-bytes.ts'
import { anyCuts, cut } from '../protocols/testing/units.ts'
import { createToxicBench } from '../testing/inspector-context.ts'
import { FakePlane } from '../traps/testing/fake-plane.ts'
import { reorder } from './reorder.ts'

const bench = (
  attributes: Record<string, number | string> = {},
  stream: Stream = 'upstream',
  protocol: 'redis' | 'postgres' = 'redis',
) => createToxicBench(new FakePlane({ link: protocol }), reorder, attributes, stream)

test('the first request is forwarded when the reply to the second one is here', () => {
  const { connect, log } = bench({ exchange: 'SET' })
  const [a, b] = [connect(), connect()]
  a.ask('SET a 1\r\n')
  expect(a.text('upstream')).toBe('')
  b.ask('SET b 2\r\n')
  expect([a.text('upstream'), b.text('upstream')]).toEqual(['', 'SET b 2\r\n'])
  b.answer('+OK\r\n')
  expect(a.text('upstream')).toBe('SET a 1\r\n')
  a.answer('-ERR\r\n')
  expect([a.text('downstream'), b.text('downstream')]).toEqual(['-ERR\r\n', '+OK\r\n'])
  expect(log.toSorted()).toEqual(['touch 1', 'touch 2'])
})

test('two pipelined requests change places, and each reply goes to its own request', () => {
  const replies = ['$1\r\nb\r\n', '$1\r\na\r\n', '$1\r\nc\r\n']
  fc.assert(
    fc.property(anyCuts, anyCuts, (cuts, replyCuts) => {
      const { connect, advance } = bench()
      const connection = connect()
      for (const piece of cut(Buffer.from('GET a\r\nGET b\r\nGET c\r\n'), cuts))
        connection.ask(piece)
      expect(connection.text('upstream')).toBe('GET b\r\nGET a\r\n')
      advance(500)
      expect(connection.text('upstream')).toBe('GET b\r\nGET a\r\nGET c\r\n')
      for (const piece of cut(Buffer.from(replies.join('')), replyCuts)) connection.answer(piece)
      expect(connection.text('downstream')).toBe('$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n')
      expect([connection.held.upstream, connection.held.downstream]).toEqual([0, 0])
    }),
  )
})

test('a second request that never gets its reply delays the first one at most by the wait', () => {
  const { connect, advance } = bench({ wait: 300 })
  const [a, b] = [connect(), connect()]
  a.ask('GET a\r\n')
  advance(100)
  b.ask('BZPOPMIN q 0\r\n')
  advance(199)
  expect(a.text('upstream')).toBe('')
  advance(1)
  expect(a.text('upstream')).toBe('GET a\r\n')
})

test('without a second request the first one passes after the wait, and the toxic reports it', () => {
  const { connect, advance, log } = bench({ exchange: 'SET', wait: 300 })
  const [a, b] = [connect(), connect()]
  a.ask('SET a 1\r\n')
  b.ask('GET b\r\n')
  expect(b.text('upstream')).toBe('GET b\r\n')
  advance(300)
  expect(a.text('upstream')).toBe('SET a 1\r\n')
  expect(log).toEqual([expect.stringMatching(/^missed .*300 ms/)])
})

test('what follows a held request on its connection waits behind it', () => {
  const { connect, advance } = bench({ exchange: 'SET', wait: 300 })
  const connection = connect()
  connection.ask('SET a 1\r\nGET b\r\nSET c 2\r\n')
  expect(connection.text('upstream')).toBe('')
  advance(300)
  expect(connection.text('upstream')).toBe('SET a 1\r\nGET b\r\nSET c 2\r\n')
})

test('the statements of one Postgres session never change places', () => {
  const { connect, advance } = bench({ exchange: 'SELECT*', wait: 300 }, 'upstream', 'postgres')
  const connection = connect()
  const start = pg.startup(pg.version3, 'user\0me\0\0')
  connection.ask(start)
  connection.answer(Buffer.concat([pg.authentication(0), pg.ready('I')]))
  const pipelined = Buffer.concat([pg.query('SELECT 1'), pg.query('SELECT 2')])
  connection.ask(pipelined)
  advance(300)
  expect(connection.bytes('upstream')).toEqual(Buffer.concat([start, pipelined]))
})

test('replies: the caller of the second request receives its reply first', () => {
  const { connect, advance, log } = bench({}, 'downstream')
  const [a, b] = [connect(), connect()]
  a.ask('GET a\r\n')
  b.ask('GET b\r\n')
  a.answer('$1\r\na\r\n')
  b.answer('$1\r\nb\r\n')
  expect([a.text('downstream'), b.text('downstream')]).toEqual(['', '$1\r\nb\r\n'])
  advance(5)
  expect(a.text('downstream')).toBe('$1\r\na\r\n')
  expect(log.toSorted()).toEqual(['touch 1', 'touch 2'])
})

test('replies of one connection keep their sequence', () => {
  const { connect, advance } = bench({}, 'downstream')
  const connection = connect()
  connection.ask('GET a\r\nGET b\r\n')
  connection.answer('$1\r\na\r\n$1\r\nb\r\n')
  advance(500)
  expect(connection.text('downstream')).toBe('$1\r\na\r\n$1\r\nb\r\n')
})

test('when it is removed, held requests go on, and replies in reverse sequence still come right', () => {
  const { connect, remove } = bench()
  const [a, b] = [connect(), connect()]
  a.ask('GET a\r\nGET b\r\n')
  b.ask('GET x\r\n')
  expect(b.text('upstream')).toBe('')
  remove()
  expect(b.text('upstream')).toBe('GET x\r\n')
  expect([a.inspector === undefined, b.inspector === undefined]).toEqual([false, true])
  a.answer('$1\r\nb\r\n$1\r\na\r\n')
  expect(a.text('downstream')).toBe('$1\r\na\r\n$1\r\nb\r\n')
  expect(a.inspector).toBeUndefined()
})

test('a connection that closes while its request is held is forgotten', () => {
  const { connect, log } = bench()
  const [a, b, c] = [connect(), connect(), connect()]
  a.ask('GET a\r\n')
  a.inspector?.closed()
  b.ask('GET b\r\n')
  expect(b.text('upstream')).toBe('')
  c.ask('GET c\r\n')
  c.answer('$-1\r\n')
  expect([b.text('upstream'), log.length]).toEqual(['GET b\r\n', 2])
})
