import { expect, test } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'

import { at, orderRow, paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { drainsWithin } from './drains-within.ts'

const counters = {
  orders: 1,
  paid: 1,
  unfinished: 0,
  charged: 1,
  ledgerCharges: 1,
  queueActive: 0,
  queueDelayed: 0,
  outboxWaiting: 0,
}
const figures = (ms: number, queueWaiting: number): SandboxEvent => ({
  seq: ms,
  at: at(ms),
  ms,
  type: 'figures',
  operations: [],
  links: [],
  truth: { ...counters, queueWaiting },
})
const heal: SandboxEvent = {
  seq: 1,
  at: at(3_000),
  ms: 3_000,
  type: 'phase',
  phase: 'heal',
  what: 'began',
}
const journal = [heal, figures(4_000, 8), figures(5_000, 0), figures(6_000, 1), figures(7_000, 0)]

test('holds when queue and outbox stay empty in time, by the figures after the heal', () => {
  const evidence = testEvidence([paidOrder(1)], { journal })
  expect(drainsWithin.judge(evidence, { withinMs: 4_000 })).toMatchObject({
    outcome: 'held',
    measured: 4_000,
  })
  expect(drainsWithin.judge(evidence, { withinMs: 3_000 }).outcome).toBe('violated')
})

test('a job at the end of the run is violated', () => {
  const left = paidOrder(1, { rows: [orderRow(1, { status: 'placed' })], job: true })
  const result = drainsWithin.judge(testEvidence([left], { journal }), { withinMs: 60_000 })
  expect(result.outcome).toBe('violated')
  expect(result.offenders[0]?.actual).toMatch(/1 job .*0 outbox rows/)
})

test('without figures, the recovery time counts', () => {
  const evidence = testEvidence([paidOrder(1)], { recoveredAfterMs: 700 })
  expect(drainsWithin.judge(evidence, { withinMs: 1_000 })).toMatchObject({
    outcome: 'held',
    measured: 700,
  })
})

test('is inconclusive without orders', () => {
  expect(drainsWithin.judge(testEvidence([]), { withinMs: 1_000 }).outcome).toBe('inconclusive')
})
