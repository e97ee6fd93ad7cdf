import { expect, test } from 'vitest'

import { flowOf } from '#chaos/contracts/flow-record.ts'
import type { CheckResult } from '#chaos/contracts/verdict.ts'

import { failingFlows } from './failing-flows.ts'
import { operationOf, recordedRun, regularOrder } from './testing/recorded-order.ts'

const unrecorded = 'o-f-000001'
const key = 'o-f-000002'
const regular = 'o-f-000003'

function violated(title: string, ids: readonly string[]): CheckResult {
  const offenders = ids.map((id) => ({ id, expected: '', actual: '' }))
  const [name, summary] = ['availability', '']
  return { name, title, outcome: 'violated', summary, offenders, offendersTotal: ids.length }
}

test('the first offender with recorded messages is drawn; a check without one has no diagram', async () => {
  const run = recordedRun({
    messages: regularOrder(key, 20),
    operations: [operationOf(unrecorded, { id: 1 }), operationOf(key, { id: 2 })],
  })
  const checks = [
    violated('by number', ['1', '2']),
    violated('by key', [key]),
    violated('not recorded', ['1', unrecorded]),
  ]
  const asked: (readonly string[] | undefined)[] = []
  const withMessages = async (flows?: readonly string[]) => {
    asked.push(flows)
    return run
  }
  const drawn = await failingFlows({ run, withMessages }, checks)
  expect(drawn.map(({ check }) => check)).toEqual(['by number', 'by key'])
  expect(drawn.map((one) => flowOf(one.drawn).id)).toEqual([key, key])
  expect(asked).toEqual([
    [unrecorded, key],
    [unrecorded, key],
  ])
})

test('only the first offenders are read, and nothing if no check is violated', async () => {
  const run = recordedRun({
    messages: regularOrder(key, 20),
    operations: [operationOf(key), operationOf(unrecorded), operationOf(regular)],
  })
  const asked: (readonly string[] | undefined)[] = []
  const withMessages = async (flows?: readonly string[]) => {
    asked.push(flows)
    return run
  }
  const check = violated('by key', [key, unrecorded, regular])
  expect(await failingFlows({ run, withMessages }, [check])).toHaveLength(1)
  expect(await failingFlows({ run, withMessages }, [{ ...check, outcome: 'held' }])).toEqual([])
  // The flow, and the fault-free one beside it.
  expect(asked).toEqual([[key, regular]])
})
