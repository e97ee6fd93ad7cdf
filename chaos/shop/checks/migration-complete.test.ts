import { expect, test } from 'vitest'

import { at, orderRow, paidOrder, testEvidence } from '../testing/test-evidence.ts'
import type { MigrationTruth } from '../truth/truth.ts'
import { channelOf, migrationComplete } from './migration-complete.ts'

// The first order is older than the migration, the second one is new.
const orders = [
  paidOrder(1, { rows: [orderRow(1, { createdAt: at(10) })] }),
  paidOrder(2, { rows: [orderRow(2, { createdAt: at(5_000) })] }),
]
const [old = '', recent = ''] = orders.map(({ rows: [row] }) => row?.id)
const old01 = channelOf('customer-01')

const complete: MigrationTruth = {
  name: 'orders-channel',
  column: 'channel',
  startedAt: at(1_000),
  finishedAt: at(3_000),
  failedAt: null,
  error: null,
  default: `'web'::text`,
  index: 'valid',
  channels: { [old]: old01, [recent]: 'web' },
}
const judge = (over: Partial<MigrationTruth>) =>
  migrationComplete.judge(
    testEvidence(orders, { truth: { migrations: [{ ...complete, ...over }] } }),
    {},
  )

test('holds when column, values and index are there', () => {
  expect(judge({})).toMatchObject({ outcome: 'held', measured: 0 })
})

test('an order that arrived during the migration may have either value', () => {
  const during = { startedAt: at(5), finishedAt: at(9_000) }
  for (const value of ['web', old01])
    expect(judge({ ...during, channels: { [old]: value, [recent]: value } }).outcome).toBe('held')
})

test.for<[string, Partial<MigrationTruth>, RegExp]>([
  ['gave up', { finishedAt: null, failedAt: at(2_000), error: 'lock timeout' }, /lock timeout/],
  ['never finished', { finishedAt: null }, /did not finish/],
  ['has no index', { index: 'none' }, /no index/],
  ['left an index that is not valid', { index: 'invalid' }, /not valid/],
  ['has no default', { default: null }, /absent/],
  ['left an old order out', { channels: { [old]: null, [recent]: 'web' } }, /1 order/],
  ['gave old orders the value of new ones', { channels: { [old]: 'web', [recent]: 'web' } }, /web/],
  ['gave a new order none', { channels: { [old]: old01 } }, /1 order/],
])('a migration that %s is incomplete', ([, over, actual]) => {
  expect(judge(over)).toMatchObject({
    outcome: 'violated',
    offenders: [{ id: 'orders-channel', actual: expect.stringMatching(actual) }],
  })
})

test('is inconclusive without a migration', () => {
  expect(migrationComplete.judge(testEvidence(orders), {}).outcome).toBe('inconclusive')
})
