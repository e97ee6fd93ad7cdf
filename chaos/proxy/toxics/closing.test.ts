import { expect, test } from 'vitest'

import { createStageBench } from '../testing/stage-bench.ts'
import { mute } from './mute.ts'
import { noop } from './noop.ts'
import { resetPeer } from './reset-peer.ts'
import { slowClose } from './slow-close.ts'
import { timeout } from './timeout.ts'

test('timeout drops data and closes after its time without data', () => {
  const bench = createStageBench(timeout, { timeout: 300 })
  for (let i = 0; i < 5; i++) {
    bench.timers.advance(200)
    bench.chunk('x')
  }
  expect(bench.outputs).toEqual([])
  bench.timers.advance(300)
  expect(bench.outputs).toEqual([{ atMs: 1_300, what: 'close' }])
  expect(bench.dropped).toBe(5)
})

test('timeout 0 never closes, but its removal closes', () => {
  const bench = createStageBench(timeout)
  bench.chunk('x')
  bench.timers.advance(1e9)
  expect(bench.outputs).toEqual([])
  bench.detach()
  expect(bench.outputs).toEqual([{ atMs: 1e9, what: 'close' }])
})

test('timeout passes the end on', () => {
  const bench = createStageBench(timeout)
  bench.end()
  expect(bench.outputs).toMatchObject([{ what: 'end' }])
})

test('reset_peer resets after its time, even when nothing is sent', () => {
  const bench = createStageBench(resetPeer, { timeout: 100 })
  bench.timers.advance(99)
  expect(bench.outputs).toEqual([])
  bench.timers.advance(1)
  expect(bench.outputs).toEqual([{ atMs: 100, what: 'reset' }])
  expect(bench.touched).toBe(true)
})

test('reset_peer passes no data before the reset', () => {
  const bench = createStageBench(resetPeer, { timeout: 100 })
  bench.chunk('x')
  bench.timers.advance(100)
  expect(bench.bytes().length).toBe(0)
})

test('slow_close delays only the end', () => {
  const bench = createStageBench(slowClose, { delay: 250 })
  bench.chunk('x')
  bench.end()
  bench.timers.advance(1_000)
  expect(bench.outputs).toMatchObject([{ atMs: 0 }, { atMs: 250, what: 'end' }])
})

test('slow_close passes a waiting end on when it is removed', () => {
  const bench = createStageBench(slowClose, { delay: 10_000 })
  bench.end()
  bench.detach()
  expect(bench.outputs).toMatchObject([{ atMs: 0, what: 'end' }])
})

test('mute drops data and the end, and stays when it is removed', () => {
  const bench = createStageBench(mute)
  bench.chunk('x')
  bench.end()
  expect(bench.detach()).toBe('stay')
  bench.chunk('y')
  expect(bench.outputs).toEqual([])
  expect(bench.dropped).toBe(2)
})

test('noop does nothing', () => {
  const bench = createStageBench(noop)
  bench.chunk('x')
  bench.end()
  expect(bench.outputs).toMatchObject([{ atMs: 0 }, { atMs: 0, what: 'end' }])
  expect(bench.touched).toBe(false)
})
