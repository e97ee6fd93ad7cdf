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

test('the share of changed bytes is the probability, and each has one bit flipped', () => {
  const bytes = corrupted(0.01, 1_000)
  expect(bytes.length).toBe(zeros)
  expect(hits(bytes)).toBeGreaterThan(zeros * 0.01 * 0.9)
  expect(hits(bytes)).toBeLessThan(zeros * 0.01 * 1.1)
  expect(bytes.every((byte) => (byte & (byte - 1)) === 0)).toBe(true)
})

test('the seed decides which bytes change, not the chunks', () => {
  expect(corrupted(0.01, 777).equals(corrupted(0.01, 50_000))).toBe(true)
  expect(corrupted(0.01, 777, 2).equals(corrupted(0.01, 777, 1))).toBe(false)
})

test('probability 0 changes no byte, 1 changes every byte', () => {
  expect(hits(corrupted(0, 1_000))).toBe(0)
  expect(hits(corrupted(1, 1_000))).toBe(zeros)
})
