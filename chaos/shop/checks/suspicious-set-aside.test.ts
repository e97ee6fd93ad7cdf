import { expect, test } from 'vitest'

import { orderOperation, orderRow, paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { suspiciousSetAside } from './suspicious-set-aside.ts'

const suspicious = { operations: [orderOperation(1, { tags: ['huge', 'suspicious'] })] }

test('holds when a suspicious order ends as parked, without a charge', () => {
  const rows = [orderRow(1, { status: 'parked' })]
  const parked = { ...suspicious, rows, charges: [], chargeRequests: [], ledger: [] }
  expect(
    suspiciousSetAside.judge(testEvidence([paidOrder(1, parked), paidOrder(2)]), {}),
  ).toMatchObject({ outcome: 'held', summary: expect.stringMatching(/1 of 1 suspicious order/) })
})

test('a paid suspicious order is an offender', () => {
  expect(suspiciousSetAside.judge(testEvidence([paidOrder(1, suspicious)]), {})).toMatchObject({
    outcome: 'violated',
    offenders: [
      {
        expected: expect.stringMatching(/`parked`/),
        actual: expect.stringMatching(/`paid`.*9\.00/),
      },
    ],
  })
})

test('is inconclusive without a suspicious order', () => {
  expect(suspiciousSetAside.judge(testEvidence([paidOrder(1)]), {}).outcome).toBe('inconclusive')
})
