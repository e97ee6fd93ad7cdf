import { join } from 'node:path'

import { expect, test } from 'vitest'

import type { ColumnId } from './columns.ts'
import type { Cell } from './matrix.ts'
import type { StackSetup } from './stack.ts'
import { naiveCode, useOneStack } from './testing/one-stack.ts'

const look = useOneStack()
const labs = join(import.meta.dirname, '../../labs')

const withoutReconciler = ['reconciler']
const plants: readonly (readonly [
  verdict: Cell['verdict'],
  exercise: NonNullable<StackSetup['exercise']>,
  off: readonly string[],
  cell: readonly [string, ColumnId],
])[] = [
  ['double-effect', naiveCode('double-charge', 'charge-order'), [], ['POST /charges', 'reply-cut']],
  [
    'torn',
    naiveCode('torn-books', 'record-payment'),
    [],
    ['INSERT ledger_transactions', 'caller-dies-before'],
  ],
  [
    'lost',
    naiveCode('fire-and-forget', 'place-order'),
    withoutReconciler,
    ['bullmq addJob', 'request-silent'],
  ],
  ['phantom', naiveCode('hasty-no', 'place-order'), [], ['COMMIT', 'reply-cut']],
  [
    'stuck',
    naiveCode('waits-for-ever', 'charge-order'),
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
    naiveCode('slow-retry', 'charge-order'),
    withoutReconciler,
    ['POST /charges', 'reply-cut'],
  ],
]

test.each(plants)('%s is found where it was planted', async (verdict, exercise, off, cell) => {
  const [found] = await look({ exercise, off }, [cell])
  expect(found).toMatchObject({ verdict })
  expect(found?.story).toContain(cell[0])
  expect(found?.course?.some(({ kind }) => kind === 'fault')).toBe(true)
})
