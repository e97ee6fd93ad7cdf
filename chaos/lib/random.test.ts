import { expect, test } from 'vitest'

import { createRandom, freshSeed } from './random.ts'

const draw = (seed: number, count: number): number[] => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => random.next())
}

test('the same seed gives the same sequence, another seed another', () => {
  expect(draw(42, 100)).toEqual(draw(42, 100))
  expect(draw(42, 100)).not.toEqual(draw(43, 100))
})

test('numbers are spread evenly over [0, 1)', () => {
  const numbers = draw(7, 20_000)
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...numbers)).toBeLessThan(1)
  const tenths = Array.from(
    { length: 10 },
    (_, i) => numbers.filter((n) => Math.floor(n * 10) === i).length,
  )
  for (const count of tenths) expect(count).toBeGreaterThan(1_800)
})

test('integers include both ends of the range and nothing outside of it', () => {
  const random = createRandom(1)
  const seen = new Set(Array.from({ length: 500 }, () => random.integer(2, 5)))
  expect([...seen].toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5])
})

test('a fork depends on the seed and its label, not on earlier draws', () => {
  const used = createRandom(9)
  used.next()
  expect(used.fork('load').next()).toBe(createRandom(9).fork('load').next())
  expect(used.fork('load').next()).not.toBe(used.fork('faults').next())
})

test('picking from an empty list is an error', () => {
  expect(() => createRandom(1).pick([])).toThrow(RangeError)
})

test('a fresh seed is a positive integer', () => {
  expect(freshSeed()).toBeGreaterThan(0)
})
