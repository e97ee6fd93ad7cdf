import { Check } from 'typebox/value'
import { expect, test } from 'vitest'

import type { AnyCheck, Evidence } from '#chaos/contracts/check.ts'
import type { Operation } from '#chaos/contracts/history.ts'

import { generalChecks } from './general-checks.ts'

const checks = generalChecks({
  name: 'journal',
  operations: [
    { kind: 'write', noun: 'record', changes: true },
    { kind: 'list', noun: 'list request' },
  ],
})

const time = { instance: 'web-1', startMs: 100, endMs: 105 }
const write: Operation = {
  id: 1,
  kind: 'write',
  key: 'w-1',
  outcome: 'fail',
  ...time,
  attempts: [{ ...time, status: 409, definite: true }],
  tags: [],
}
const evidence: Evidence = {
  operations: [write],
  steadyOperations: [],
  truth: {},
  readAt: '2026-01-05T10:00:06.000Z',
  journal: [],
  zeroMs: 0,
  workloadStartedAt: '2026-01-05T10:00:00.000Z',
  loadFromMs: 0,
  faultsFromMs: 0,
  faultsToMs: 1_000,
  recoveredAfterMs: null,
  durationMs: 2_000,
  environment: {},
  isOwedRefusal: () => false,
  isTrueRefusal: () => false,
  unsettled: ['1 unsent record'],
}

test.each(Object.values(checks) as readonly AnyCheck[])(
  'the example of $name is valid for a system with other operations',
  ({ params, example }) => {
    expect(Check(params, example ?? {})).toBe(true)
  },
)

test('only a refusal that the system justifies does not count', () => {
  const params = { of: 'write', atLeast: 1 }
  expect(checks.availability.judge(evidence, params)).toMatchObject({
    outcome: 'violated',
    summary: expect.stringContaining('records') as string,
  })
  const justified = { ...evidence, isTrueRefusal: () => true }
  expect(checks.availability.judge(justified, params).outcome).toBe('inconclusive')
  const owed = { ...evidence, isOwedRefusal: () => true }
  expect(checks.availability.judge(owed, params).outcome).toBe('inconclusive')
})

test('a recovery names the system and its work in flight', () => {
  const result = checks['recovers-within'].judge(evidence, { withinMs: 1_000 })
  expect(result).toMatchObject({
    outcome: 'violated',
    offenders: [
      { id: 'the journal', actual: expect.stringContaining('1 unsent record') as string },
    ],
  })
})
