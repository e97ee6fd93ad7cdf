import { expect, test } from 'vitest'

import { createStageBench } from '../testing/stage-bench.ts'
import { bandwidth } from './bandwidth.ts'

test('the last byte of 480 KB at 1000 KB/s arrives after 480 ms, however the data was cut', () => {
  for (const pieces of [1, 15, 480]) {
    const bench = createStageBench(bandwidth, { rate: 1_000 })
    const data = Buffer.alloc(480_000, 7)
    const size = data.length / pieces
    for (let from = 0; from < data.length; from += size)
      bench.chunk(data.subarray(from, from + size))
    bench.timers.advance(479)
    expect(bench.bytes().length).toBeLessThan(480_000)
    bench.timers.advance(1.001)
    expect(bench.bytes().length).toBe(480_000)
  }
})

test('bytes arrive steadily: no gap is longer than a slice', () => {
  const bench = createStageBench(bandwidth, { rate: 100 })
  bench.chunk(Buffer.alloc(50_000))
  bench.timers.advance(500)
  const times = bench.outputs.map(({ atMs }) => atMs)
  const gaps = times.map((time, i) => time - (times[i - 1] ?? 0))
  expect(Math.max(...gaps)).toBeLessThanOrEqual(10.001)
})

test('an idle time does not allow more bytes later', () => {
  const bench = createStageBench(bandwidth, { rate: 100 })
  bench.timers.advance(10_000)
  bench.chunk(Buffer.alloc(1_000))
  bench.timers.advance(9)
  expect(bench.bytes().length).toBeLessThan(1_000)
  bench.timers.advance(2)
  expect(bench.bytes().length).toBe(1_000)
})

test('rate 0 blocks everything; removing the toxic passes everything on, the end last', () => {
  const bench = createStageBench(bandwidth, { rate: 0 })
  bench.chunk('abc')
  bench.end()
  bench.timers.advance(60_000)
  expect(bench.outputs).toEqual([])
  bench.detach()
  expect(bench.bytes().toString()).toBe('abc')
  expect(bench.outputs.at(-1)).toMatchObject({ what: 'end' })
})

test('a blocked connection does not catch up when it gets a rate', () => {
  const bench = createStageBench(bandwidth, { rate: 0 })
  bench.chunk(Buffer.alloc(10_000))
  bench.timers.advance(60_000)
  bench.update({ rate: 100 })
  bench.timers.advance(50)
  expect(bench.bytes().length).toBeLessThan(6_000)
  bench.timers.advance(51)
  expect(bench.bytes().length).toBe(10_000)
})

test('a faster rate applies at once to waiting bytes', () => {
  const bench = createStageBench(bandwidth, { rate: 1 })
  bench.chunk(Buffer.alloc(100_000))
  bench.timers.advance(10)
  bench.update({ rate: 10_000 })
  bench.timers.advance(11)
  expect(bench.bytes().length).toBe(100_000)
})

test('the end comes after the last byte', () => {
  const bench = createStageBench(bandwidth, { rate: 100 })
  bench.chunk(Buffer.alloc(1_000))
  bench.end()
  bench.timers.advance(20)
  expect(bench.outputs.at(-1)).toMatchObject({ what: 'end', atMs: 10 })
})
