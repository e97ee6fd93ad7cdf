import { expect, test } from 'vitest'

import { priceEvents, testEvidence } from '../testing/test-evidence.ts'
import { pricesNeverGoBack } from './prices-never-go-back.ts'

const judge = (editions: readonly number[]) =>
  pricesNeverGoBack.judge(testEvidence([], { truth: { priceEvents: priceEvents(editions) } }), {})

test('holds when every write has the same or a later edition', () => {
  expect(judge([3, 4, 4, 9])).toMatchObject({
    outcome: 'held',
    summary: expect.stringMatching(/1 of 1 product.*4 writes/),
  })
})

test('an older edition over a newer one is an offender, even if a later write replaces it', () => {
  expect(judge([3, 7, 4, 8])).toMatchObject({
    outcome: 'violated',
    offenders: [
      {
        id: 'price of tea',
        actual: expect.stringMatching(/edition 4 .*1\.04.*edition 7 .*1\.07.*3 editions/),
      },
    ],
  })
})

test('is inconclusive without a second write of a price', () => {
  expect(judge([]).outcome).toBe('inconclusive')
  expect(judge([3]).outcome).toBe('inconclusive')
})
