import { expect, test } from 'vitest'

import { createToxicBench } from '../testing/inspector-context.ts'
import { FakePlane } from '../traps/testing/fake-plane.ts'
import { idleTimeout } from './idle-timeout.ts'

const bench = (attributes: Record<string, number | string>) =>
  createToxicBench(new FakePlane({ tcp: undefined }), idleTimeout, attributes)

test('traffic in either direction starts the time again, and passes', () => {
  const { connect, advance, log } = bench({ timeout: 100 })
  const connection = connect()
  for (let i = 0; i < 5; i++) {
    advance(99)
    if (i % 2 === 0) connection.ask('a')
    else connection.answer('b')
  }
  expect([connection.text('upstream'), connection.text('downstream'), log]).toEqual([
    'aaa',
    'bb',
    [],
  ])
  advance(100)
  expect(log).toEqual(['touch 1', 'close 1'])
})

test('a connection that never carried anything is idle from its start', () => {
  const { connect, advance, log } = bench({ timeout: 100 })
  connect()
  advance(50)
  connect()
  advance(50)
  expect(log).toEqual(['touch 1', 'close 1'])
})

test.each([
  ['rst', 'reset 1'],
  ['silent', 'forget 1'],
])('%s ends with %s', (how, end) => {
  const { connect, advance, log } = bench({ timeout: 100, how })
  connect()
  advance(100)
  expect(log).toEqual(['touch 1', end])
})

test('what is sent before the FIN arrives is lost, and its sender receives RST', () => {
  const { connect, advance, log } = bench({ timeout: 100, notice: 20 })
  const racing = connect()
  const idle = connect()
  advance(119)
  racing.ask('GET / HTTP/1.1\r\n\r\n')
  expect(log).toEqual(['touch 1', 'touch 2'])
  advance(1)
  expect(log.slice(2)).toEqual(['reset 1', 'close 2'])
  expect([racing.text('upstream'), racing.held.upstream, idle.text('upstream')]).toEqual([
    '',
    0,
    '',
  ])
})

test('when it is removed, open connections stay open and the others end at once', () => {
  const { connect, advance, remove, log } = bench({ timeout: 100, notice: 50 })
  connect()
  advance(60)
  const open = connect()
  advance(60)
  remove()
  expect(log).toEqual(['touch 1', 'close 1'])
  advance(1_000)
  open.ask('a')
  expect([log.length, open.text('upstream')]).toEqual([2, 'a'])
})
