import { expect, test } from 'vitest'

import { createStageBench, type StageOutput } from '../testing/stage-bench.ts'
import { latency } from './latency.ts'

const times = (outputs: readonly StageOutput[]): number[] => outputs.map(({ atMs }) => atMs)

test('every chunk arrives after exactly the latency', () => {
  const bench = createStageBench(latency, { latency: 300 })
  for (let i = 0; i < 5; i++) {
    bench.chunk('x')
    bench.timers.advance(20)
  }
  expect(bench.outputs).toEqual([])
  bench.timers.advance(300)
  expect(times(bench.outputs)).toEqual([300, 320, 340, 360, 380])
})

test('the end is not delayed, but comes after all data', () => {
  const idle = createStageBench(latency, { latency: 300 })
  idle.end()
  expect(idle.outputs).toEqual([{ atMs: 0, what: 'end' }])

  const busy = createStageBench(latency, { latency: 300 })
  busy.chunk('x')
  busy.end()
  busy.timers.advance(300)
  expect(busy.outputs.at(-1)).toEqual({ atMs: 300, what: 'end' })
})

test('delay_close delays the end as well', () => {
  const bench = createStageBench(latency, { latency: 300, delay_close: true })
  bench.end()
  bench.timers.advance(299)
  expect(bench.outputs).toEqual([])
  bench.timers.advance(1)
  expect(bench.outputs).toEqual([{ atMs: 300, what: 'end' }])
})

test('jitter never reorders', () => {
  const bench = createStageBench(latency, { latency: 50, jitter: 50 })
  const sent = Array.from({ length: 500 }, (_, i) => `${i} `)
  for (const text of sent) {
    bench.chunk(text)
    bench.timers.advance(1)
  }
  bench.timers.advance(200)
  expect(bench.bytes().toString()).toBe(sent.join(''))
})

test.each(['uniform', 'normal'])('%s jitter has the right mean and spread', (distribution) => {
  const delays: number[] = []
  for (let seed = 1; seed <= 400; seed++) {
    const bench = createStageBench(latency, { latency: 100, jitter: 30, distribution }, seed)
    bench.chunk('x')
    bench.timers.advance(1_000)
    delays.push(bench.outputs[0]?.atMs ?? NaN)
  }
  const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
  const spread = Math.sqrt(delays.reduce((sum, d) => sum + (d - mean) ** 2, 0) / delays.length)
  expect(mean).toBeGreaterThan(95)
  expect(mean).toBeLessThan(105)
  const expected = distribution === 'normal' ? 30 : 30 / Math.sqrt(3)
  expect(spread).toBeGreaterThan(expected * 0.85)
  expect(spread).toBeLessThan(expected * 1.15)
  expect(Math.max(...delays) <= 130).toBe(distribution === 'uniform')
})

test('removing the toxic passes everything on at once, in order', () => {
  const bench = createStageBench(latency, { latency: 10_000 })
  bench.chunk('a')
  bench.chunk('b')
  bench.end()
  bench.timers.advance(5)
  bench.detach()
  expect(bench.bytes().toString()).toBe('ab')
  expect(bench.outputs.at(-1)).toEqual({ atMs: 5, what: 'end' })
})

test('a new latency also applies to data in flight', () => {
  const bench = createStageBench(latency, { latency: 10_000 })
  bench.chunk('a')
  bench.timers.advance(10)
  bench.update({ latency: 30 })
  bench.timers.advance(19)
  expect(bench.outputs).toEqual([])
  bench.timers.advance(1)
  expect(times(bench.outputs)).toEqual([30])
})
