import { expect, test } from 'vitest'

import type { EventPayload, SandboxEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { Operation } from '#chaos/contracts/history.ts'

import type { StepOutcome } from '../run/step-outcome.ts'
import { findDoubts, stepsOfVariants } from './doubts.ts'

const fault: ActiveFault = {
  id: 'latency-1',
  kind: 'latency',
  targets: ['api-1:redis'],
  params: {},
  mechanism: 'toxic',
  by: 'scenario',
  since: '',
  until: '',
  leaseMs: 1,
}
const step: StepOutcome = {
  title: 'method[0]: latency on api-1:redis at 2s',
  state: 'done',
  fault: 'latency-1',
  toxics: ['latency-1-downstream'],
  fromMs: 12_000,
}
const journal = eventsOf([
  [50_000, { type: 'fault', what: 'injected', fault }],
  [
    50_500,
    { type: 'link', link: 'api-1:redis', what: 'toxic-touched', toxic: 'latency-1-downstream' },
  ],
  [51_000, { type: 'fault', what: 'healed', fault, reason: 'over' }],
])

function eventsOf(list: readonly (readonly [number, EventPayload])[]): SandboxEvent[] {
  return list.map(([ms, happening], i) => ({ seq: i + 1, at: '', ms, ...happening }))
}

function operation(startMs: number, endMs: number): Operation {
  return { id: 1, kind: 'browse', outcome: 'ok', startMs, endMs, attempts: [], tags: [] }
}

const find = (
  steps: readonly StepOutcome[],
  operations: readonly Operation[],
  events = journal,
  { notSent = 0, lagMaxMs = 3 } = {},
) => {
  const load = { operations, notSent, lagMaxMs }
  const { run, faults } = findDoubts({
    steps,
    load,
    journal: events,
    epochMs: 10_000,
    healedAtMs: 20_000,
  })
  return [...run, ...faults]
}

test('a fault that touched a connection while operations were in flight leaves no doubt', () => {
  expect(find([step], [operation(2_500, 2_600)])).toEqual([])
  expect(find([step], [operation(100, 2_001)])).toEqual([])
})

test('operations before and after the fault prove nothing about it', () => {
  expect(find([step], [operation(0, 1_999), operation(3_001, 3_100)])).toEqual([
    expect.stringMatching(/^method\[0\]: .*no operation/),
  ])
})

test('a fault that reaches its targets one by one counts from the first target', () => {
  const rolling = { ...step, onMs: 16_000 }
  expect(find([rolling], [operation(3_500, 3_600)])).toEqual([])
  expect(find([rolling], [operation(7_001, 7_100)])).toHaveLength(1)
})

test('a fault whose toxics touched no connection is a doubt', () => {
  const untouched = journal.filter(({ type }) => type !== 'link')
  expect(find([step], [operation(2_500, 2_600)], untouched)).toEqual([
    expect.stringMatching(/^method\[0\]: .*no data/),
  ])
})

test('code that avoids the same fault the second time leaves no doubt', () => {
  const again = { ...fault, id: 'latency-2' }
  const second = { ...step, fault: 'latency-2', toxics: ['latency-2-downstream'], fromMs: 14_000 }
  const events = (repeated: ActiveFault) => [
    ...journal,
    ...eventsOf([
      [60_000, { type: 'fault', what: 'injected', fault: repeated }],
      [61_000, { type: 'fault', what: 'healed', fault: repeated, reason: 'over' }],
    ]),
  ]
  const sent = [operation(2_500, 4_600)]
  expect(find([step, second], sent, events(again))).toEqual([])
  const elsewhere = { ...again, targets: ['api-2:redis'] }
  expect(find([step, second], sent, events(elsewhere))).toEqual([
    expect.stringMatching(/no data passed/),
  ])
})

test('a step that never happened and a step that failed are doubts with their reasons', () => {
  const never: StepOutcome = { title: 'method[0]', state: 'never', why: 'the load ended' }
  const failed: StepOutcome = { title: 'method[1]', state: 'failed', why: 'no such process' }
  expect(find([never, failed], [operation(2_500, 2_600)])).toEqual([
    expect.stringMatching(/^method\[1\] .*no such process/),
    expect.stringMatching(/^method\[0\] .*the load ended/),
  ])
})

test('a fault that matched no target is a doubt', () => {
  expect(find([{ ...step, hit: 0 }], [operation(2_500, 2_600)])).toEqual([
    expect.stringMatching(/^method\[0\]: .*matched no target/),
  ])
})

test('a fault without an end of its own lasts until the heal', () => {
  const endless = journal.slice(0, 2)
  expect(find([step], [operation(9_000, 9_100)], endless)).toEqual([])
})

test('a load that was sent incompletely or late proves nothing', () => {
  const sent = [operation(2_500, 2_600)]
  expect(find([step], sent, journal, { notSent: 3 })).toEqual([
    expect.stringContaining('3 of 4 operations'),
  ])
  expect(find([step], sent, journal, { lagMaxMs: 2_430 })).toEqual([
    expect.stringMatching(/load .*2\.4s/),
  ])
})

test('a step of a variant that affected nothing counts as one that never happened', () => {
  const untouched = { ...step, toxics: ['timeout-2-downstream'] }
  const matchedNone = { title: step.title, state: 'done', hit: 0 } as const
  const failed = { title: step.title, state: 'failed', why: 'no lock' } as const
  const load = { operations: [], notSent: 0, lagMaxMs: 0 }
  const steps = [step, untouched, matchedNone, failed]
  const states = stepsOfVariants({ steps, load, journal, epochMs: 10_000, healedAtMs: 20_000 })
  expect(states.map(({ state }) => state)).toEqual(['done', 'never', 'never', 'failed'])
})
