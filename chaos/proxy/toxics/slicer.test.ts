import { expect, test } from 'vitest'

import { createStageBench } from '../testing/stage-bench.ts'
import { slicer } from './slicer.ts'

test('480 KB in slices of 1024 +- 512 are 240 to 720 slices, and no byte is missing', () => {
  const bench = createStageBench(slicer, { average_size: 1_024, size_variation: 512, delay: 10 })
  const data = Buffer.from(Array.from({ length: 480_000 }, (_, i) => i % 251))
  bench.chunk(data)
  bench.timers.advance(1_000)
  expect(bench.outputs.length).toBeGreaterThanOrEqual(240)
  expect(bench.outputs.length).toBeLessThanOrEqual(720)
  expect(bench.bytes().equals(data)).toBe(true)
})

test('24 bytes in slices of 1 are exactly 24 slices', () => {
  const bench = createStageBench(slicer, { average_size: 1 })
  bench.chunk('abcdefghijklmnopqrstuvwx')
  bench.timers.advance(1)
  expect(bench.outputs.length).toBe(24)
  expect(bench.bytes().toString()).toBe('abcdefghijklmnopqrstuvwx')
})

test.each([
  { average_size: 1, size_variation: 1_000_000 },
  { average_size: 5, size_variation: 5 },
  { average_size: 1_000_000_000, size_variation: 999_999_999 },
])('any size is safe: $average_size +- $size_variation', (attributes) => {
  const bench = createStageBench(slicer, attributes)
  bench.chunk(Buffer.alloc(10_000, 1))
  bench.timers.advance(1)
  expect(bench.bytes().length).toBe(10_000)
})

test('a slice of 0 bytes is refused', () => {
  expect(() => createStageBench(slicer)).toThrow(
    'attributes.average_size: must be at least 1, got 0',
  )
})

test('slices are one pause apart', () => {
  const bench = createStageBench(slicer, { average_size: 10, delay: 5_000 })
  bench.chunk(Buffer.alloc(30))
  bench.timers.advance(100)
  expect(bench.outputs.map(({ atMs }) => atMs)).toEqual([0, 5, 10])
})

test('removing the toxic passes the rest on at once', () => {
  const bench = createStageBench(slicer, { average_size: 1, delay: 1_000_000 })
  bench.chunk('abc')
  bench.end()
  bench.detach()
  expect(bench.bytes().toString()).toBe('abc')
  expect(bench.outputs.at(-1)).toMatchObject({ what: 'end' })
})
