import { expect, test } from 'vitest'

import { flowOf } from '#chaos/contracts/flow-record.ts'
import type { CheckResult } from '#chaos/contracts/verdict.ts'

import { failingFlows } from './failing-flows.ts'
import { operationOf, recordedRun, regularOrder } from './testing/recorded-order.ts'

const unrecorded = 'o-f-000001'
const key = 'o-f-000002'

function violated(title: string, ids: readonly string[]): CheckResult {
  const offenders = ids.map((id) => ({ id, expected: '', actual: '' }))
  const [name, summary] = ['availability', '']
  return { name, title, outcome: 'violated', summary, offenders, offendersTotal: ids.length }
}

test('the first offender with recorded messages is drawn; a check without one has no diagram', () => {
  const run = recordedRun({
    messages: regularOrder(key, 20),
    operations: [operationOf(unrecorded, { id: 1 }), operationOf(key, { id: 2 })],
  })
  const checks = [
    violated('by number', ['1', '2']),
    violated('by key', [key]),
    violated('not recorded', ['1', unrecorded]),
  ]
  const drawn = failingFlows(run, checks)
  expect(drawn.map(({ check }) => check)).toEqual(['by number', 'by key'])
  expect(drawn.map((one) => flowOf(one.drawn).id)).toEqual([key, key])
})
