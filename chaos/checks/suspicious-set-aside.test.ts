import { expect, test } from 'vitest'

import { suspiciousSetAside } from './suspicious-set-aside.ts'
import { orderOperation, orderRow, paidOrder, testEvidence } from './testing/test-evidence.ts'

const suspicious = { operations: [orderOperation(1, { tags: ['huge', 'suspicious'] })] }

test('holds when a suspicious order is parked and nobody is charged for it', () => {
  const rows = [orderRow(1, { status: 'parked' })]
  const parked = { ...suspicious, rows, charges: [], chargeRequests: [], ledger: [] }
  expect(
    suspiciousSetAside.judge(testEvidence([paidOrder(1, parked), paidOrder(2)]), {}),
  ).toMatchObject({ outcome: 'held', summary: '1 suspicious order set aside, none charged.' })
})

test('a suspicious order that was paid like any other is an offender', () => {
  expect(suspiciousSetAside.judge(testEvidence([paidOrder(1, suspicious)]), {})).toMatchObject({
    outcome: 'violated',
    offenders: [{ expected: '`parked`, and nothing charged', actual: '`paid`, charged 9.00' }],
  })
})

test('is inconclusive without a suspicious order', () => {
  expect(suspiciousSetAside.judge(testEvidence([paidOrder(1)]), {}).outcome).toBe('inconclusive')
})
