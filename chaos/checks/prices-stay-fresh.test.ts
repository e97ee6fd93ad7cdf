import { expect, test } from 'vitest'

import { pricesStayFresh } from './prices-stay-fresh.ts'
import { priceEvents, testEvidence } from './testing/test-evidence.ts'

/** One edition every 500 ms until the end, except those that are left out. */
const judge = (editions: readonly number[]) =>
  pricesStayFresh.judge(
    testEvidence([], {
      truth: { priceEvents: priceEvents(editions), takenAt: '2026-01-05T10:00:05.000Z' },
    }),
    { withinMs: 1_200 },
  )
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1)

test('holds when every price gets its successor in time', () => {
  expect(judge(upTo(10))).toMatchObject({
    outcome: 'held',
    measured: 500,
    summary: 'No price was the latest for longer than 500 ms.',
  })
})

test('a pause between two editions that is too long is told with its begin', () => {
  const editions = upTo(10).map((edition) => (edition > 3 && edition < 8 ? 3 : edition))
  expect(judge(editions)).toMatchObject({
    outcome: 'violated',
    measured: 2_500,
    offenders: [{ id: 'price of tea', actual: 'none for 2.5 s, from 1.5 s on' }],
  })
})

test('an older edition renews nothing', () => {
  const editions = upTo(10).map((edition) => (edition > 3 && edition < 8 ? 1 : edition))
  expect(judge(editions).measured).toBe(2_500)
})

test('publishing that stops before the end is too late as well', () => {
  expect(judge(upTo(5))).toMatchObject({ outcome: 'violated', measured: 2_500 })
})

test('is inconclusive when nothing was ever published', () => {
  expect(judge([]).outcome).toBe('inconclusive')
})
