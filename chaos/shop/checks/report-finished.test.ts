import { expect, test } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'

import { at, testEvidence } from '../testing/test-evidence.ts'
import { reportFinished } from './report-finished.ts'

const fault = {
  id: 'fault-1',
  kind: 'postgres-lock-queue',
  targets: ['postgres'],
  params: {},
  mechanism: 'a read of orders',
  by: 'scenario',
  since: at(1_000),
  until: at(3_000),
  leaseMs: 5_000,
} as const
const healed = (interrupted?: boolean): SandboxEvent => ({
  seq: 1,
  at: at(3_000),
  ms: 3_000,
  type: 'fault',
  what: 'healed',
  fault,
  reason: 'over',
  ...(interrupted === undefined ? {} : { work: { what: 'the read of orders', interrupted } }),
})
const judge = (...journal: SandboxEvent[]) =>
  reportFinished.judge(testEvidence([], { journal }), {})

test('holds when no other session ended the read', () => {
  expect(judge(healed(false))).toMatchObject({ outcome: 'held', measured: 0 })
})

test('a read that another session ended is an offender', () => {
  expect(judge(healed(false), healed(true))).toMatchObject({
    outcome: 'violated',
    measured: 1,
    offenders: [{ id: 'the read of orders' }],
  })
})

test('is inconclusive without a long read', () => {
  expect(judge(healed()).outcome).toBe('inconclusive')
})
