import { expect, test } from 'vitest'

import { poisonSetAside } from './poison-set-aside.ts'
import {
  charge,
  orderOperation,
  orderRow,
  paidOrder,
  testEvidence,
} from './testing/test-evidence.ts'

const poison = { operations: [orderOperation(1, { tags: ['poison'] })] }
const parked = {
  ...poison,
  rows: [orderRow(1, { status: 'parked' })],
  charges: [],
  chargeRequests: [],
  ledger: [],
}

test('holds when a poisonous order is parked and nobody is charged for it', () => {
  const evidence = testEvidence([paidOrder(1, parked), paidOrder(2)])
  expect(poisonSetAside.judge(evidence, {})).toMatchObject({
    outcome: 'held',
    summary: '1 poisonous order set aside, none charged.',
  })
})

test('a poisonous order that was paid as if nothing were wrong is an offender', () => {
  expect(poisonSetAside.judge(testEvidence([paidOrder(1, poison)]), {})).toMatchObject({
    outcome: 'violated',
    offenders: [{ actual: '`paid`, charged 9.00' }],
  })
})

test('parking comes too late when it was charged before', () => {
  const charged = paidOrder(1, { ...parked, charges: [charge(1)] })
  expect(poisonSetAside.judge(testEvidence([charged]), {}).outcome).toBe('violated')
})

test('a poisonous order that still moves is not set aside', () => {
  const moving = paidOrder(1, { ...parked, rows: [orderRow(1, { status: 'charging' })] })
  expect(poisonSetAside.judge(testEvidence([moving]), {}).outcome).toBe('violated')
})

test('is inconclusive without a poisonous order', () => {
  expect(poisonSetAside.judge(testEvidence([paidOrder(1)]), {}).outcome).toBe('inconclusive')
})
