import { expect, test } from 'vitest'

import { createManualClock } from '#chaos/engine/testing/manual-clock.ts'
import { createRandom } from '#chaos/lib/random.ts'

import { changePricesRegularly, priceIn } from './change-prices.ts'

test('each round has another price, close to the first one and never free', () => {
  const prices = Array.from({ length: 20 }, (_, round) => priceIn(round, 1_000))
  expect(prices.every((cents) => cents >= 950 && cents <= 1_050)).toBe(true)
  expect(prices.every((cents, i) => cents !== prices[i - 1])).toBe(true)
  expect(priceIn(0, 1)).toBe(1)
})

test('prices change until it is disposed, and a store that is down changes nothing', async () => {
  const clock = createManualClock()
  const rounds: number[] = []
  const regular = changePricesRegularly(
    async (round) => {
      rounds.push(round)
      if (round === 2) throw new Error('Postgres is down')
    },
    { clock, random: createRandom(1) },
  )
  await clock.advance(7_000)
  expect(rounds.length).toBeGreaterThanOrEqual(8)
  expect(rounds.slice(0, 3)).toEqual([1, 2, 3])
  await regular[Symbol.asyncDispose]()
  const count = rounds.length
  await clock.advance(7_000)
  expect(rounds).toHaveLength(count)
})
