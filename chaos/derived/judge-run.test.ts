import { assert, constantFrom, property, subarray } from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Effect } from './effect.ts'
import { generalised } from './generalise.ts'
import { judgeRun } from './judge-run.ts'
import { learnEffect } from './learn-effect.ts'
import type { Change, Row } from './snapshot.ts'

const names = (id: string) => ({ id, instances: new Set(['worker-1', 'worker-2']) })

function appears(table: string, row: Row): Change {
  return { table, op: 'appears', row }
}

/** What run `n` of a flow does: an order, two entries, a message, an audit line, a smaller stock. */
function runOf(n: number): readonly Change[] {
  const id = `o-x-00000${n}`
  return [
    appears('orders', { id: n, key: id, status: 'paid', at: `2026-01-0${n}T10:00:00Z` }),
    appears('entries', { id: 2 * n, cents: 900 }),
    appears('entries', { id: 2 * n + 1, cents: -900 }),
    appears('audit', { id: n, text: `paid ${id}`, by: `worker-${(n % 2) + 1}` }),
    { table: 'stock', op: 'changes' as const, row: { sku: 'tea', left: 100 - 2 * n, Δleft: -2 } },
  ].map((change) => generalised(change, names(id)))
}

const effect: Effect = learnEffect({
  plain: [1, 2, 3].map(runOf),
  idle: [],
  disturbed: [],
  expiring: new Set(),
  unread: {},
  corrections: {},
})
const whole = runOf(4)
const [order, debit, credit, audit, stock] = whole as readonly [
  Change,
  Change,
  Change,
  Change,
  Change,
]
const twiceFromStock: Change = { ...stock, row: { ...stock.row, left: 92, Δleft: -4 } }

test('ids, times and chance are masked; values that every run has are not', () => {
  const columns = Object.fromEntries(effect.groups.map((group) => [group.table, group.columns]))
  expect(columns['orders']).toEqual({ id: 'kind', key: 'value', status: 'value', at: 'kind' })
  expect(columns['audit']).toMatchObject({ by: 'value', text: 'value' })
  expect(columns['stock']).toEqual({ sku: 'value', left: 'kind', Δleft: 'value' })
  expect(effect.groups.map(({ table, holds }) => `${table} ${holds}`)).toEqual([
    'audit many',
    'entries one',
    'orders one',
    'stock one',
  ])
})

test.each([
  ['ok', whole, 'ok'],
  ['ok', [], 'lost'],
  ['fail', [], 'ok-rejected'],
  ['unknown', [], 'ok-rejected'],
  ['unknown', whole, 'ok-indeterminate'],
  ['fail', whole, 'phantom'],
  ['ok', [order, debit, credit, audit], 'torn'],
  ['unknown', [order], 'torn'],
  [
    'ok',
    [{ ...order, row: { ...order.row, status: 'placed' } }, debit, credit, audit, stock],
    'torn',
  ],
  ['ok', [{ ...order, row: { ...order.row, at: null } }, debit, credit, audit, stock], 'torn'],
  ['ok', [...whole, order], 'double-effect'],
  ['fail', [...whole, debit, credit], 'double-effect'],
  ['ok', [order, debit, credit, audit, twiceFromStock], 'double-effect'],
  ['ok', [...whole, audit], 'more-rows'],
  ['ok', [...whole, appears('dead_letters', { id: 1 })], 'more-rows'],
  // A line in a log about a refused request is legal.
  ['fail', [audit], 'ok-rejected'],
] as const)('client %s: %j is judged', (outcome, changes, result) => {
  const judged = judgeRun({ effect, changes, outcome, settled: true, falseStatements: [] })
  expect(judged.result).toBe(result)
})

test('work in progress makes a part stuck, and a double effect stays one', () => {
  const run = { effect, outcome: 'ok', settled: false, falseStatements: [] } as const
  expect(judgeRun({ ...run, changes: [order] }).result).toBe('stuck')
  expect(judgeRun({ ...run, changes: [...whole, order] }).result).toBe('double-effect')
})

test.each([
  ['ok', whole, 'ok-indeterminate'],
  ['ok', [...whole, order], 'double-effect'],
  ['ok', [], 'lost'],
  ['unknown', whole, 'stuck'],
] as const)('after no response, a retry with client %s and %j', (outcome, changes, result) => {
  const again = { outcome, changes }
  const run = {
    effect,
    changes: whole,
    outcome: 'unknown',
    settled: true,
    falseStatements: [],
  } as const
  expect(judgeRun({ ...run, again }).result).toBe(result)
})

test('a false statement after a success is untrue, and the evidence names missing and further rows', () => {
  const falseStatements = [{ invariant: 'sql: x', expected: '1', actual: '0' }]
  const run = { effect, changes: whole, outcome: 'ok', settled: true } as const
  expect(judgeRun({ ...run, falseStatements })).toMatchObject({ result: 'untrue' })
  const torn = judgeRun({ ...run, changes: [order, debit], falseStatements: [] })
  expect(torn.evidence?.map(({ sign, table }) => `${sign} ${table}`)).toEqual([
    '- audit',
    '  entries',
    '- entries',
    '  orders',
    '- stock',
  ])
})

describe('a row that counts its attempts', () => {
  const sent = (attempts: number, more: Row = {}): Change => ({
    table: 'outbox',
    op: 'appears',
    row: { ref: '{{id}}', cents: 900, attempts, last_error: null, ...more },
  })
  const learn = (corrections = {}): Effect =>
    learnEffect({
      plain: [[sent(1)], [sent(1)]],
      idle: [],
      disturbed: [],
      expiring: new Set(),
      unread: {},
      corrections,
    })
  const judge = (learned: Effect, row: Change): string =>
    judgeRun({
      effect: learned,
      changes: [row],
      outcome: 'ok',
      settled: true,
      falseStatements: [],
    }).result

  test('may have needed more of them: yellow, not red', () => {
    expect(judge(learn(), sent(1))).toBe('ok')
    expect(judge(learn(), sent(2, { last_error: 'socket hang up' }))).toBe('more-rows')
  })

  test('is torn if another column has another value, too', () => {
    expect(judge(learn(), sent(2, { cents: 1_800 }))).toBe('torn')
  })

  test('is compared when the user keeps the column', () => {
    expect(judge(learn({ keep: ['outbox.attempts'] }), sent(2))).toBe('torn')
  })
})

test('the sequence of rows never changes a result, and no part of an effect is good', () => {
  const any = subarray([...whole, ...whole], { minLength: 0 })
  assert(
    property(any, constantFrom('ok', 'fail', 'unknown'), (changes, outcome) => {
      const judge = (some: readonly Change[]) =>
        judgeRun({ effect, changes: some, outcome, settled: true, falseStatements: [] }).result
      const result = judge(changes)
      expect(judge(changes.toReversed())).toBe(result)
      const exact = changes.filter(({ table }) => table !== 'audit')
      const complete = [order, debit, credit, stock].every(
        (row) => exact.filter((one) => one === row).length === 1,
      )
      const isBroken = exact.length > 0 && !complete
      expect(!isBroken || /^(torn|double-effect)$/.test(result)).toBe(true)
    }),
  )
})

test('of a table whose keys expire, no change counts, also one of a kind that no run has shown', () => {
  const counter = (op: Change['op']): Change => ({ table: 'redis limits', op, row: { value: 1 } })
  const learned = learnEffect({
    plain: [1, 2, 3].map((n) => [...runOf(n), counter('changes')]),
    idle: [],
    disturbed: [],
    expiring: new Set(['redis limits']),
    unread: {},
    corrections: {},
  })
  const base = { effect: learned, outcome: 'ok', settled: true, falseStatements: [] } as const
  expect(judgeRun({ ...base, changes: [...whole, counter('disappears')] }).result).toBe('ok')
  const other: Change = { table: 'redis other', op: 'appears', row: { value: 1 } }
  expect(judgeRun({ ...base, changes: [...whole, other] }).result).toBe('more-rows')
})
