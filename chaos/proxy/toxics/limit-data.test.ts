import { expect, test } from 'vitest'

import { createStageBench } from '../testing/stage-bench.ts'
import { limitData } from './limit-data.ts'

const chunked = (limit: number, chunks: readonly number[]) => {
  const bench = createStageBench(limitData, { bytes: limit })
  for (const length of chunks) bench.chunk(Buffer.alloc(length, 1))
  return bench
}

test.each([
  ['smaller chunks', 100, [30, 30, 30, 30], 100],
  ['an equal chunk', 100, [100], 100],
  ['a bigger chunk', 100, [250], 100],
  ['a chunk that ends at the limit', 100, [50, 50], 100],
  ['more after the limit', 10, [4, 4, 4, 4, 4], 10],
] as const)(
  'exactly the limit passes with %s, then the connection closes',
  (_, limit, chunks, passed) => {
    const bench = chunked(limit, chunks)
    expect(bench.bytes().length).toBe(passed)
    expect(bench.outputs.filter((output) => 'what' in output)[0]).toMatchObject({ what: 'close' })
    expect(bench.dropped).toBe(chunks.reduce((sum, length) => sum + length, 0) - limit)
  },
)

test('less than the limit passes untouched', () => {
  const bench = chunked(100, [99])
  expect(bench.outputs).toHaveLength(1)
  expect(bench.touched).toBe(false)
})

test('limit 0 closes at the first byte, not before', () => {
  const bench = createStageBench(limitData, { bytes: 0 })
  expect(bench.outputs).toEqual([])
  bench.chunk('x')
  expect(bench.outputs).toEqual([{ atMs: 0, what: 'close' }])
})

test('a new limit counts what has passed already', () => {
  const bench = createStageBench(limitData, { bytes: 10 })
  bench.chunk('12345')
  bench.update({ bytes: 7 })
  bench.chunk('67890')
  expect(bench.bytes().toString()).toBe('1234567')
})
