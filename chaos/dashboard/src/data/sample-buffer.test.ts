import { expect, test } from 'vitest'

import { createSampleBuffer } from './sample-buffer.ts'

test('a full buffer drops its oldest samples', () => {
  const ring = createSampleBuffer<{ readonly ms: number }>(100, 1e9)
  for (let ms = 0; ms < 10_000; ms++) ring.push({ ms })
  expect(ring.size).toBeLessThanOrEqual(125)
  expect(ring.since(9_990)).toHaveLength(10)
})

test('samples that are too old are dropped, even from a short buffer', () => {
  const ring = createSampleBuffer<{ readonly ms: number }>(100_000, 1_000)
  for (let ms = 0; ms < 100_000; ms += 100) ring.push({ ms })
  expect(ring.size).toBeLessThanOrEqual(14)
  expect(ring.since(99_000)).toHaveLength(10)
})
