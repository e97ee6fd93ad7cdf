import { expect, test } from 'vitest'

import { drawOf } from './applied-toxic.ts'

const connections = 10_000

/** For each connection whether a toxic with this seed and toxicity hits it. */
function hits(seed: number, toxicity: number): readonly boolean[] {
  return Array.from({ length: connections }, (_, ordinal) => drawOf(seed, ordinal) < toxicity)
}

const share = (draws: readonly boolean[]): number => draws.filter(Boolean).length / draws.length

test.each([0.05, 0.3, 0.5, 0.9])(
  'toxicity %f applies to that share of the connections',
  (toxicity) => {
    for (const seed of [0, 1, 2, 2 ** 31])
      // Four standard deviations of 10,000 draws are at most 0.02.
      expect(Math.abs(share(hits(seed, toxicity)) - toxicity)).toBeLessThan(0.02)
  },
)

test('toxicity 0 applies to no connection, 1 to every connection', () => {
  expect(share(hits(7, 0))).toBe(0)
  expect(share(hits(7, 1))).toBe(1)
})

test('the seed determines the draws, and the draws of two seeds are independent', () => {
  const first = hits(1, 0.5)
  expect(hits(1, 0.5)).toEqual(first)
  const second = hits(2, 0.5)
  const agreed = first.filter((hit, ordinal) => hit === second[ordinal]).length / connections
  expect(Math.abs(agreed - 0.5)).toBeLessThan(0.02)
})

test('the draws of consecutive connections are independent', () => {
  const draws = hits(3, 0.5)
  const same = draws.filter((hit, ordinal) => hit === draws[ordinal + 1]).length / connections
  expect(Math.abs(same - 0.5)).toBeLessThan(0.02)
})
