import { expect, test } from 'vitest'

import { effectLines } from '../../../derived/effect-lines.ts'
import { learnedParts } from './learned-parts.ts'

test('the lines of an effect become tables with their rows, and notes', () => {
  const lines = effectLines({
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
        parts: [{ shape: { sku: 'tea', Δleft: -2, at: '‹time›' }, count: 1 }],
        holds: 'one',
        because: 'every run without a fault has the same rows',
      },
    ],
    background: ['heartbeats'],
    unread: { big: '20000 rows' },
    idempotent: true,
  })
  const { tables, notes } = learnedParts(lines)
  expect(tables).toEqual([
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
  expect(notes).toEqual([
    'background, changes without a flow: heartbeats',
    'not read: big: 20000 rows',
    'the same id sent twice has one effect',
  ])
})
