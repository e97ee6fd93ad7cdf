import { expect, test } from 'vitest'

import { createSampleBuffer } from './sample-buffer.ts'

test('the oldest go when there are too many', () => {
  const ring = createSampleBuffer<{ readonly ms: number }>(100, 1e9)
  for (let ms = 0; ms < 10_000; ms++) ring.push({ ms })
  expect(ring.size).toBeLessThanOrEqual(125)
  expect(ring.since(9_990)).toHaveLength(10)
})

test('what is too old goes, however few there are', () => {
  const ring = createSampleBuffer<{ readonly ms: number }>(100_000, 1_000)
  for (let ms = 0; ms < 100_000; ms += 100) ring.push({ ms })
  expect(ring.size).toBeLessThanOrEqual(14)
  expect(ring.since(99_000)).toHaveLength(10)
})
