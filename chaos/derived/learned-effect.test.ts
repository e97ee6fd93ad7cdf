import { expect, test } from 'vitest'

import { learnedLines } from '#chaos/xray/showing/learned-lines.ts'

import { learnedEffect } from './learned-effect.ts'

const learned = learnedEffect({
  groups: [
    {
      table: 'call courier POST /letters',
      op: 'appears',
      columns: {},
      parts: [{ shape: { call: 'POST /letters' }, count: 2 }],
      holds: 'many',
      because: 'a call may be repeated: its callee decides what is new',
    },
    {
      table: 'stock',
      op: 'changes',
      columns: {},
      attempts: ['Δattempts', 'last_error'],
      parts: [{ shape: { sku: 'tea', Δleft: -2, at: '‹time›' }, count: 1 }],
      holds: 'one',
      because: 'every run without a fault has the same rows',
    },
  ],
  background: ['heartbeats'],
  unread: { big: '20000 rows' },
  idempotent: true,
})

test('each table says what one run does to it and why, with its rows; the rest are notes', () => {
  expect(learned.tables).toEqual([
    {
      table: 'call courier POST /letters',
      op: 'appears',
      holds: 'may repeat',
      because: 'a call may be repeated: its callee decides what is new',
      rows: ['2 × call: POST /letters'],
    },
    {
      table: 'stock',
      op: 'changes',
      holds: 'exactly one row',
      because: 'every run without a fault has the same rows',
      rows: ['sku: tea, Δleft: -2, at: ‹time›'],
    },
  ])
  expect(learned.notes).toEqual([
    'background, changes without a flow: heartbeats',
    'not read: big: 20000 rows',
    'another value is legal, because the name is about attempts: stock.attempts, stock.last_error (keep compares them)',
    'the same id sent twice has one effect',
  ])
})

test('as lines: the tables, and with rows also what is in them', () => {
  expect(learnedLines(learned).slice(0, 3)).toEqual([
    'call courier POST /letters appears: may repeat (a call may be repeated: its callee decides what is new)',
    'stock changes: exactly one row (every run without a fault has the same rows)',
    'background, changes without a flow: heartbeats',
  ])
  expect(learnedLines(learned, true)[3]).toBe('  sku: tea, Δleft: -2, at: ‹time›')
})
