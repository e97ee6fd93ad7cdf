import { expect, test } from 'vitest'

import { postgresBytes as pg } from '../protocols/testing/postgres-bytes.ts'
import { createToxicBench } from '../testing/inspector-context.ts'
import { FakePlane } from '../traps/testing/fake-plane.ts'
import { replySwap } from './reply-swap.ts'

const bench = (
  protocol: 'redis' | 'postgres' | 'http',
  attributes: Record<string, number | string> = {},
) => createToxicBench(new FakePlane({ link: protocol }), replySwap, attributes, 'downstream')

test('each of two callers receives the reply to the request of the other', () => {
  const { connect, log } = bench('http', { exchange: 'GET /quotes/:id' })
  const [a, b] = [connect(), connect()]
  a.ask('GET /quotes/1 HTTP/1.1\r\n\r\n')
  b.ask('GET /quotes/2 HTTP/1.1\r\n\r\n')
  const replies = [
    'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1',
    'HTTP/1.1 404 No\r\ncontent-length: 2\r\n\r\n22',
  ]
  a.answer(replies[0]!)
  expect(a.text('downstream')).toBe('')
  b.answer(replies[1]!)
  expect([a.text('downstream'), b.text('downstream')]).toEqual(replies.toReversed())
  expect(log.toSorted()).toEqual(['touch 1', 'touch 2'])
  expect([a.held.downstream, b.held.downstream]).toEqual([0, 0])
})

test('two pipelined replies of one connection change places; a third one waits for its own partner', () => {
  const { connect, advance } = bench('redis')
  const connection = connect()
  connection.ask('GET a\r\nGET b\r\nGET c\r\n')
  connection.answer('$1\r\na\r\n$2\r\nbb\r\n$1\r\nc\r\n')
  expect(connection.text('downstream')).toBe('$2\r\nbb\r\n$1\r\na\r\n')
  advance(500)
  expect(connection.text('downstream')).toBe('$2\r\nbb\r\n$1\r\na\r\n$1\r\nc\r\n')
})

test('a reply of another exchange between the two stays in its place', () => {
  const { connect } = bench('redis', { exchange: 'GET' })
  const connection = connect()
  connection.ask('GET a\r\nPING\r\nGET b\r\n')
  connection.answer('$1\r\na\r\n+PONG\r\n$1\r\nb\r\n')
  expect(connection.text('downstream')).toBe('$1\r\nb\r\n+PONG\r\n$1\r\na\r\n')
})

test('equal replies are not exchanged', () => {
  const { connect, log } = bench('redis')
  const [a, b] = [connect(), connect()]
  for (const each of [a, b]) each.ask('GET a\r\n')
  a.answer('$-1\r\n')
  b.answer('$-1\r\n')
  expect([a.text('downstream'), b.text('downstream'), log]).toEqual(['', '$-1\r\n', []])
})

test('without a second reply the first one passes unchanged after the wait, and the toxic reports it', () => {
  const { connect, advance, log } = bench('redis', { wait: 200 })
  const connection = connect()
  connection.ask('GET a\r\n')
  connection.answer('$1\r\na\r\n')
  advance(199)
  expect(connection.text('downstream')).toBe('')
  advance(1)
  expect(connection.text('downstream')).toBe('$1\r\na\r\n')
  expect(log).toEqual([expect.stringMatching(/^missed .*200 ms/)])
})

test('Postgres: replies inside and outside of a transaction are not exchanged, and no start-up reply is', () => {
  const { connect, advance } = bench('postgres')
  const [a, b] = [connect(), connect()]
  const welcome = Buffer.concat([pg.authentication(0), pg.ready('I')])
  for (const each of [a, b]) {
    each.ask(pg.startup(pg.version3, 'user\0me\0\0'))
    each.answer(welcome)
    expect(each.bytes('downstream')).toEqual(welcome)
  }
  const reply = (tag: string, status: 'I' | 'T') =>
    Buffer.concat([pg.complete(tag), pg.ready(status)])
  a.ask(pg.query('BEGIN'))
  a.answer(reply('BEGIN', 'T'))
  b.ask(pg.query('SELECT 1'))
  b.answer(reply('SELECT 1', 'I'))
  expect(b.bytes('downstream')).toEqual(Buffer.concat([welcome, reply('SELECT 1', 'I')]))
  advance(500)
  expect(a.bytes('downstream')).toEqual(Buffer.concat([welcome, reply('BEGIN', 'T')]))
  a.ask(pg.query('SELECT 2'))
  b.ask(pg.query('BEGIN'))
  a.answer(reply('SELECT 2', 'T'))
  b.answer(reply('BEGIN', 'T'))
  expect(a.bytes('downstream').subarray(-reply('BEGIN', 'T').length)).toEqual(reply('BEGIN', 'T'))
})

test('replies inside MULTI are not exchanged', () => {
  const { connect } = bench('redis')
  const connection = connect()
  connection.ask('MULTI\r\nGET a\r\nEXEC\r\n')
  const replies = '+OK\r\n+QUEUED\r\n*1\r\n$1\r\na\r\n'
  connection.answer(replies)
  expect(connection.text('downstream')).toBe(replies)
})
