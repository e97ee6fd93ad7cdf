import { expect, test } from 'vitest'

import type { Flow, FlowResult } from '#chaos/contracts/system/flow.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

import type { ObservedFlow } from '../observe-flow.ts'
import { flowResult } from './flow-result.ts'

const topology: Topology = {
  instances: [{ name: 'notes-1', service: 'notes', main: 'main.ts', portOffset: 1 }],
  stores: [],
  links: [],
}

function flow(result: FlowResult['result'], more: Partial<Flow> = {}): Flow {
  return {
    description: 'Write one note.',
    start: { requests: () => [] },
    judge: () => ({ result, violations: [], global: '1 note' }),
    ...more,
  }
}

const run: ObservedFlow = {
  key: 'o-1-000001',
  ack: { outcome: 'ok', attempts: [] },
  startMs: 0,
  startedAt: '2026-01-01T00:00:00.000Z',
  restarts: [],
  settledAfterMs: 10,
  doneAfterMs: 10,
  exchanges: [],
  instances: [],
  before: undefined,
  truth: undefined,
  wallMs: 100,
}
const on = (link: string): Partial<ObservedFlow> => ({
  ack: { outcome: 'unknown', attempts: [] },
  sprung: { event: { type: 'trap', id: 't', what: 'sprung', link }, atMs: 5 },
})

test.for<[FlowResult['result'], boolean, Partial<ObservedFlow>, FlowResult['result']]>([
  ['ok', false, {}, 'ok'],
  ['ok', true, {}, 'ok-retried'],
  ['ok', true, { doneAfterMs: 9_000 }, 'ok-slow'],
  ['ok', true, { settledAfterMs: null }, 'stuck'],
  ['ok-slow', true, {}, 'ok-slow'],
  ['ok-indeterminate', true, { doneAfterMs: 9_000 }, 'ok-indeterminate'],
  ['ok-indeterminate', false, { settledAfterMs: null }, 'stuck'],
  ['torn', true, { settledAfterMs: null }, 'torn'],
])('%s, with more exchanges: %s, run %j: %s', ([own, retried, more, result]) => {
  const judged = flowResult({ flow: flow(own), observed: { ...run, ...more }, retried, topology })
  expect(judged.result).toBe(result)
  expect(judged.global).toBe('1 note')
})

test('a flow with stores of its own says itself how long it may take', () => {
  const observed = { ...run, doneAfterMs: 9_000 }
  const own = flow('ok', { source: {} as NonNullable<Flow['source']> })
  const results = [flow('ok'), own].map(
    (one) => flowResult({ flow: one, observed, retried: false, topology }).result,
  )
  expect(results).toEqual(['ok-slow', 'ok'])
})

test('a flow that only reads has nothing to settle', () => {
  const observed = { ...run, settledAfterMs: null }
  const reads = flow('ok', { readOnly: true })
  expect(flowResult({ flow: reads, observed, retried: false, topology }).result).toBe('ok')
})

test('without a link that it can do without, a flow owes a success response', () => {
  const optional = flow('ok-rejected', { optionalLinks: ['notes:redis'] })
  const resultOf = (more: Partial<ObservedFlow>): string =>
    flowResult({ flow: optional, observed: { ...run, ...more }, retried: false, topology }).result
  expect(resultOf(on('notes-1:redis'))).toBe('unserved')
  expect(resultOf(on('notes-1:postgres'))).toBe('ok-rejected')
  // A process that dies refuses its requests.
  expect(resultOf({ ...on('notes-1:redis'), restarts: ['notes-1'] })).toBe('ok-rejected')
})
