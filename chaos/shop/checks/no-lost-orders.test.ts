import { expect, test } from 'vitest'

import { failedSubmission, orderRow, paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { noLostOrders } from './no-lost-orders.ts'

const untouched = { trail: ['placed'], charges: [], chargeRequests: [], ledger: [] } as const
const placed = (number: number) => ({
  ...untouched,
  rows: [orderRow(number, { status: 'placed' })],
})

test('holds when every acknowledged order finishes', () => {
  const result = noLostOrders.judge(testEvidence([paidOrder(1), paidOrder(2)]), {})
  expect(result).toMatchObject({
    outcome: 'held',
    summary: expect.stringMatching(/2 acknowledged orders/),
  })
})

test('an acknowledged order that is not in Postgres is lost', () => {
  const gone = paidOrder(2, { ...untouched, rows: [], trail: [] })
  const result = noLostOrders.judge(testEvidence([paidOrder(1), gone]), {})
  expect(result).toMatchObject({
    outcome: 'violated',
    summary: expect.stringMatching(/1 of 2 acknowledged orders/),
    offendersTotal: 1,
    offenders: [{ id: 'o-7f-000002.ab12', actual: expect.stringMatching(/Postgres/) }],
  })
})

test('an unfinished order without a job and an outbox row is lost', () => {
  const result = noLostOrders.judge(testEvidence([paidOrder(3, placed(3))]), {})
  expect(result.outcome).toBe('violated')
  expect(result.offenders[0]?.actual).toMatch(/`placed` in Postgres.*no charge request/)
})

test('an order with a job or an unpublished outbox row is not lost', () => {
  const outbox = [{ id: 1, orderId: 'o-7f-000002.ab12', publishedAt: null, payload: {} }]
  const evidence = testEvidence([
    paidOrder(1, { ...placed(1), job: true }),
    paidOrder(2, { ...placed(2), outbox }),
  ])
  expect(noLostOrders.judge(evidence, {}).outcome).toBe('held')
})

test('an order with an unknown result may be absent', () => {
  const unknown = paidOrder(2, {
    operations: [failedSubmission(2, 'unknown')],
    rows: [],
    trail: [],
  })
  expect(noLostOrders.judge(testEvidence([paidOrder(1), unknown]), {}).outcome).toBe('held')
})

test('lists 48 offenders and counts all of them', () => {
  const orders = Array.from({ length: 60 }, (_, i) => paidOrder(i + 1, placed(i + 1)))
  const result = noLostOrders.judge(testEvidence(orders), {})
  expect(result.offenders).toHaveLength(48)
  expect(result.offendersTotal).toBe(60)
  expect(result.offenders[0]?.id).toBe('o-7f-000001.ab12')
})

test('is inconclusive without an acknowledged order', () => {
  const refused = paidOrder(1, { operations: [failedSubmission(1, 'fail')], rows: [] })
  expect(noLostOrders.judge(testEvidence([refused]), {}).outcome).toBe('inconclusive')
})
