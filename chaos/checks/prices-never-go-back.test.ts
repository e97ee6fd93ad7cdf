import { expect, test } from 'vitest'

import { pricesNeverGoBack } from './prices-never-go-back.ts'
import { priceEvents, testEvidence } from './testing/test-evidence.ts'

const judge = (editions: readonly number[]) =>
  pricesNeverGoBack.judge(testEvidence([], { truth: { priceEvents: priceEvents(editions) } }), {})

test('holds when every edition is followed by the same or a later one', () => {
  expect(judge([3, 4, 4, 9])).toMatchObject({
    outcome: 'held',
    summary: 'The prices of 1 product only went to later editions, 4 times.',
  })
})

test('an older edition that is written over a newer one is an offender, also when it is mended later', () => {
  expect(judge([3, 7, 4, 8])).toMatchObject({
    outcome: 'violated',
    offenders: [
      {
        id: 'price of tea',
        actual:
          'edition 7 (1.07, worker-1) was overwritten by edition 4 (1.04, worker-1): 3 editions back',
      },
    ],
  })
})

test('is inconclusive when no price could go back', () => {
  expect(judge([]).outcome).toBe('inconclusive')
  expect(judge([3]).outcome).toBe('inconclusive')
})
