import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'

import type { CellResult } from '../judging/cell-results.ts'
import type { Cell, FlowStep } from '../matrix.ts'
import { columnNamed, type MatrixColumn } from '../planning/columns.ts'
import { decideCase, isDecided, judgeLabSweep, type JudgedCase } from './judge-lab-sweep.ts'
import type { SweptCase } from './plan-lab-sweep.ts'

const step: FlowStep = {
  id: 's06',
  key: 'api:postgres|INSERT outbox|1',
  link: 'api:postgres',
  protocol: 'postgres',
  signature: 'INSERT outbox',
  nth: 1,
  caller: 'api',
  callee: 'postgres',
  connection: 'api-1:postgres#1',
  matchedBy: 'payload',
  write: true,
  order: 6,
  atMs: 6,
}
const swept = (column: string, decides = 1): SweptCase => ({
  step,
  column: columnNamed(column) as MatrixColumn,
  decides,
})
const cell = (result: CellResult, more: Partial<Cell> = {}): Cell => ({
  id: 's06/caller-dies-before',
  step: 's06',
  column: 'caller-dies-before',
  result,
  client: 'ok',
  settledAfterMs: null,
  ...more,
})
const zero = { epochMs: 1_000 }
const plan = (...cases: SweptCase[]) => ({ messages: [step], faults: 4, cases })

test('a good result is good; a cell without a result was not run', () => {
  expect(decideCase(cell('ok-retried', { settledAfterMs: 300 }), false)).toBe('good')
  const { client: _client, ...without } = cell('not-fired')
  expect(decideCase(without, false)).toBe('not-run')
})

test.for<[CellResult, Partial<Cell>, string]>([
  // The books are a proof, however often the result was seen and however busy the machine was.
  ['double-effect', { confirmed: '1/3' }, 'violated'],
  ['torn', { confirmed: '1/3', settledAfterMs: 200 }, 'violated'],
  // An order that did not settle may settle later.
  ['lost', { confirmed: '1/3' }, 'unsure'],
  ['lost', { confirmed: '2/2' }, 'violated'],
  ['torn', { confirmed: '1/3' }, 'unsure'],
])('on a busy machine, %s with %o is %s', ([result, more, decision]) => {
  expect(decideCase(cell(result, more), true)).toBe(decision)
})

test('an order that does not settle counts in three of three runs, and never on a busy machine', () => {
  expect(decideCase(cell('stuck', { confirmed: '2/3' }), false)).toBe('unsure')
  expect(decideCase(cell('orphan', { confirmed: '3/3' }), false)).toBe('violated')
  expect(decideCase(cell('orphan', { confirmed: '3/3' }), true)).toBe('unsure')
})

test('a case runs again until its decision is certain', () => {
  expect(isDecided(['lost'])).toBe(false)
  expect(isDecided(['lost', 'torn'])).toBe(true)
  expect(isDecided(['stuck', 'stuck'])).toBe(false)
  expect(isDecided(['stuck', 'orphan', 'stuck'])).toBe(true)
  expect(isDecided(['not-fired', 'not-fired'])).toBe(true)
})

test('a violation names the message, the fault and the outcome of the order', () => {
  const bad = swept('caller-dies-before')
  const late = swept('reply-late')
  const violation = { invariant: 'a final status', expected: 'paid', actual: 'placed' }
  const found = cell('lost', {
    confirmed: '2/2',
    global: 'placed, not charged',
    violations: [violation],
    history: [
      { atMs: 1, kind: 'request', from: 'api-1', to: 'postgres', text: 'COMMIT' },
      { atMs: 2, kind: 'reply', from: 'postgres', to: 'api-1', text: 'ok' },
      { atMs: 3, kind: 'exit', from: 'api-1', to: 'api-1', text: 'exits' },
    ],
  })
  const judged: JudgedCase[] = [{ swept: bad, cell: found, decision: 'violated' }]
  const { check, story } = judgeLabSweep(plan(bad, late), judged, system.xray?.words ?? {}, zero)
  expect(check).toMatchObject({ name: 'sweep', outcome: 'violated', offendersTotal: 1 })
  expect(check.summary).toBe(
    'The API was killed right before its message INSERT outbox: the order was confirmed and is never processed (2 of 2 times).',
  )
  expect(story?.lines.map(({ who, text }) => `${who} ${text}`)).toEqual([
    'api-1 sends COMMIT to postgres',
    'api-1 exits',
  ])
  expect(story?.about).toBe('one order')
  // A system without words of its own.
  const plainly = judgeLabSweep(plan(bad, late), judged, {}, zero).check
  expect(plainly.summary).toContain('The api was killed')
  expect(plainly.summary).toContain('a final status: expected paid, got placed')
})

test('held: counts the cases, and lists what is not sure, was not run, and had no time', () => {
  const [a, b, c, d] = [
    swept('caller-dies-after', 3),
    swept('caller-dies-before'),
    swept('reply-cut'),
    swept('reply-late'),
  ]
  const { client: _client, ...without } = cell('not-fired', { why: 'it did not send it' })
  const judged: JudgedCase[] = [
    { swept: a, cell: cell('ok'), decision: 'good' },
    { swept: b, cell: cell('stuck', { confirmed: '1/3' }), decision: 'unsure' },
    { swept: c, cell: without, decision: 'not-run' },
  ]
  const { outcome, summary } = judgeLabSweep(plan(a, b, c, d), judged, {}, zero).check
  expect(outcome).toBe('held')
  expect(summary).toContain('1 message × 4 faults: the result was right in 3 of 6 cases.')
  expect(summary).toMatch(/Not confirmed: INSERT outbox \(killed before\).*1 of 3/)
  expect(summary).toMatch(/Not run: INSERT outbox \(reply lost\): it did not send it/)
  expect(summary).toMatch(/No time for: INSERT outbox \(reply late\)\.$/)
})

test('a sweep without a single good case proves nothing', () => {
  const one = swept('reply-cut')
  expect(judgeLabSweep(plan(one), [], {}, zero).check.outcome).toBe('inconclusive')
})
