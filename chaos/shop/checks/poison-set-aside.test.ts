import { expect, test } from 'vitest'

import {
  charge,
  orderOperation,
  orderRow,
  paidOrder,
  testEvidence,
} from '../testing/test-evidence.ts'
import { poisonSetAside } from './poison-set-aside.ts'

const poison = { operations: [orderOperation(1, { tags: ['poison'] })] }
const parked = {
  ...poison,
  rows: [orderRow(1, { status: 'parked' })],
  charges: [],
  chargeRequests: [],
  ledger: [],
}

test('holds when a poison order ends as parked, without a charge', () => {
  const evidence = testEvidence([paidOrder(1, parked), paidOrder(2)])
  expect(poisonSetAside.judge(evidence, {})).toMatchObject({
    outcome: 'held',
    summary: expect.stringMatching(/1 of 1 poison order/),
  })
})

test('a paid poison order is an offender', () => {
  expect(poisonSetAside.judge(testEvidence([paidOrder(1, poison)]), {})).toMatchObject({
    outcome: 'violated',
    offenders: [{ actual: '`paid`, charged 9.00' }],
  })
})

test('a parked poison order with a charge is an offender', () => {
  const charged = paidOrder(1, { ...parked, charges: [charge(1)] })
  expect(poisonSetAside.judge(testEvidence([charged]), {}).outcome).toBe('violated')
})

test('an unfinished poison order is an offender', () => {
  const unfinished = paidOrder(1, { ...parked, rows: [orderRow(1, { status: 'charging' })] })
  expect(poisonSetAside.judge(testEvidence([unfinished]), {}).outcome).toBe('violated')
})

test('is inconclusive without a poison order', () => {
  expect(poisonSetAside.judge(testEvidence([paidOrder(1)]), {}).outcome).toBe('inconclusive')
})
