import { expect, test } from 'vitest'

import { priceEvents, testEvidence } from '../testing/test-evidence.ts'
import { pricesStayFresh } from './prices-stay-fresh.ts'

/** One edition every 500 ms. The run ends at 5 s. */
const judge = (editions: readonly number[]) =>
  pricesStayFresh.judge(
    testEvidence([], {
      truth: { priceEvents: priceEvents(editions), takenAt: '2026-01-05T10:00:05.000Z' },
    }),
    { withinMs: 1_200 },
  )
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1)

test('holds when every price gets a later edition in time', () => {
  expect(judge(upTo(10))).toMatchObject({
    outcome: 'held',
    measured: 500,
    summary: expect.stringMatching(/500 ms.*1.2 s/),
  })
})

test('a pause between two editions that is too long is an offender, with its start', () => {
  const editions = upTo(10).map((edition) => (edition > 3 && edition < 8 ? 3 : edition))
  expect(judge(editions)).toMatchObject({
    outcome: 'violated',
    measured: 2_500,
    offenders: [{ id: 'price of tea', actual: expect.stringMatching(/2\.5 s.*1\.5 s/) }],
  })
})

test('a write of an older edition does not end a pause', () => {
  const editions = upTo(10).map((edition) => (edition > 3 && edition < 8 ? 1 : edition))
  expect(judge(editions).measured).toBe(2_500)
})

test('a pause at the end of the run counts', () => {
  expect(judge(upTo(5))).toMatchObject({ outcome: 'violated', measured: 2_500 })
})

test('is inconclusive without a published price', () => {
  expect(judge([]).outcome).toBe('inconclusive')
})
