import { expect, test } from 'vitest'

import { charge, orderRow, paidOrder, testEvidence } from '../testing/test-evidence.ts'
import type { OrderFacts } from '../testing/test-evidence.ts'
import type { OrderStatus } from '../truth/truth.ts'
import { statusNeverGoesBack } from './status-never-goes-back.ts'

const judge = (trail: readonly OrderStatus[], status: OrderStatus) =>
  statusNeverGoesBack.judge(
    testEvidence([paidOrder(1, { trail, rows: [orderRow(1, { status })] })]),
    {},
  )

test('holds when only later statuses follow', () => {
  expect(judge(['placed', 'charging', 'paid'], 'paid').outcome).toBe('held')
  expect(judge(['placed', 'charging', 'parked', 'paid', 'refunded'], 'refunded').outcome).toBe(
    'held',
  )
})

test('the same status twice is allowed', () => {
  expect(judge(['placed', 'charging', 'charging', 'paid'], 'paid').outcome).toBe('held')
})

test('a finished order that is processed again goes back', () => {
  expect(judge(['placed', 'charging', 'paid', 'charging', 'paid'], 'paid')).toMatchObject({
    outcome: 'violated',
    offenders: [
      {
        id: 'o-7f-000001.ab12',
        expected: expect.stringMatching(/`paid`.*refunded/),
        actual: expect.stringMatching(/`paid`.*`charging`/),
      },
    ],
  })
})

test('a paid order may be parked only if payments did not capture its amount', () => {
  const parked = (charges: OrderFacts['charges'], before: OrderStatus = 'paid') =>
    statusNeverGoesBack.judge(
      testEvidence([
        paidOrder(1, {
          trail: ['placed', 'charging', before, 'parked'],
          rows: [orderRow(1, { status: 'parked' })],
          charges,
        }),
      ]),
      {},
    ).outcome
  expect(parked([])).toBe('held')
  expect(parked([charge(1, { status: 'declined' })])).toBe('held')
  expect(parked([charge(1)])).toBe('violated')
  expect(parked([], 'rejected')).toBe('violated')
})

test('a status that is not the last recorded one is violated', () => {
  expect(judge(['placed', 'charging', 'paid'], 'rejected').offenders[0]?.actual).toMatch(
    /`rejected`.*`paid`/,
  )
})

test('is inconclusive without a recorded status', () => {
  expect(judge([], 'placed').outcome).toBe('inconclusive')
})
