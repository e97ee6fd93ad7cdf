import { expect, test } from 'vitest'

import { createStageBench } from '../testing/stage-bench.ts'
import { corrupt } from './corrupt.ts'

const zeros = 200_000

function corrupted(probability: number, chunkBytes: number, seed = 1): Buffer {
  const bench = createStageBench(corrupt, { probability }, seed)
  for (let left = zeros; left > 0; left -= chunkBytes)
    bench.chunk(Buffer.alloc(Math.min(left, chunkBytes)))
  return bench.bytes()
}

const hits = (bytes: Buffer): number =>
  bytes.reduce((count, byte) => count + (byte === 0 ? 0 : 1), 0)

test('the share of hit bytes is the probability, and each has one bit turned over', () => {
  const bytes = corrupted(0.01, 1_000)
  expect(bytes.length).toBe(zeros)
  expect(hits(bytes)).toBeGreaterThan(zeros * 0.01 * 0.9)
  expect(hits(bytes)).toBeLessThan(zeros * 0.01 * 1.1)
  expect(bytes.every((byte) => (byte & (byte - 1)) === 0)).toBe(true)
})

test('which bytes are hit depends on the seed, not on the chunks', () => {
  expect(corrupted(0.01, 777).equals(corrupted(0.01, 50_000))).toBe(true)
  expect(corrupted(0.01, 777, 2).equals(corrupted(0.01, 777, 1))).toBe(false)
})

test('probability 0 hits nothing, 1 hits every byte', () => {
  expect(hits(corrupted(0, 1_000))).toBe(0)
  expect(hits(corrupted(1, 1_000))).toBe(zeros)
})
