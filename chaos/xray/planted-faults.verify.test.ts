import { join } from 'node:path'

import { expect, test } from 'vitest'

import type { Cell } from './matrix.ts'
import type { ColumnId } from './planning/columns.ts'
import { plantedCode, useRunCells } from './testing/run-cells.ts'
import type { XraySetup } from './xray-sandbox.ts'

const runCells = useRunCells()
const labs = join(import.meta.dirname, '../../labs')

const withoutReconciler = ['reconciler']
const plantedFaults: readonly (readonly [
  result: Cell['result'],
  exercise: NonNullable<XraySetup['exercise']>,
  off: readonly string[],
  cell: readonly [string, ColumnId],
])[] = [
  [
    'double-effect',
    plantedCode('double-charge', 'charge-order'),
    [],
    ['POST /charges', 'reply-cut'],
  ],
  [
    'torn',
    plantedCode('torn-books', 'record-payment'),
    [],
    ['INSERT ledger_transactions', 'caller-dies-before'],
  ],
  ['torn', plantedCode('timeout-is-declined', 'charge-order'), [], ['POST /charges', 'reply-cut']],
  ['torn', plantedCode('stock-first', 'reserve-stock'), [], ['COMMIT', 'request-cut']],
  [
    'lost',
    plantedCode('fire-and-forget', 'place-order'),
    withoutReconciler,
    ['bullmq addJob', 'request-silent'],
  ],
  ['phantom', plantedCode('wrong-refusal', 'place-order'), [], ['COMMIT', 'reply-cut']],
  [
    'stuck',
    plantedCode('waits-forever', 'charge-order'),
    withoutReconciler,
    ['POST /charges', 'reply-cut'],
  ],
  [
    'orphan',
    { folder: join(labs, 'data-correctness/dual-write/start'), seams: ['place-order'] },
    withoutReconciler,
    ['COMMIT', 'caller-dies-after'],
  ],
  [
    'ok-slow',
    plantedCode('slow-retry', 'charge-order'),
    withoutReconciler,
    ['POST /charges', 'reply-cut'],
  ],
]

test.each(plantedFaults)(
  'finds %s in code that has this fault',
  async (result, exercise, off, cell) => {
    const [found] = await runCells({ exercise, off }, [cell])
    expect(found).toMatchObject({ result })
    expect(found?.story).toContain(cell[0])
    expect(found?.history?.some(({ kind }) => kind === 'fault')).toBe(true)
  },
)
