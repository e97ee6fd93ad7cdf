import { expect, test } from 'vitest'

import { median, percentile } from './percentile.ts'

test.each([
  [[3, 1, 2], 0.5, 2],
  [[4, 1, 3, 2], 0.5, 2],
  [[10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 0.9, 90],
  [[10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 0.91, 100],
  [[5, 7], 0, 5],
  [[5, 7], 1, 7],
])('of %j the share %d does not exceed %d', (values, share, expected) => {
  expect(percentile(values, share)).toBe(expected)
})

test('the median is in the middle; there is none without values', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([9, 1, 5, 3])).toBe(4)
  expect(median([])).toBeNaN()
})
