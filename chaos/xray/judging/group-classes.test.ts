import { expect, test } from 'vitest'

import type { Cell } from '../matrix.ts'
import { groupClasses } from './group-classes.ts'

function cell(id: string, more: Partial<Cell>): Cell {
  return {
    id,
    step: 's01',
    column: 'reply-cut',
    result: 'ok-retried',
    client: 'ok',
    global: 'paid',
    newSteps: [],
    ...more,
  }
}

test('cells with the same result and the same history form a class; the worst and the largest come first', () => {
  const twice = { result: 'double-effect', global: 'charged 2 times' } as const
  const { cells, classes } = groupClasses([
    cell('a', { newSteps: ['worker:payments|POST /charges|2', 'worker:postgres|COMMIT|3'] }),
    cell('b', { newSteps: ['worker:payments|POST /charges|3'] }),
    cell('c', { ...twice, newSteps: ['worker:payments|POST /charges|2'] }),
    cell('d', {
      ...twice,
      global: 'charged 3 times',
      newSteps: ['worker:payments|POST /charges|3'],
    }),
    cell('e', { newSteps: ['worker:redis|bullmq addJob|2'] }),
    cell('f', { ...twice, client: 'unknown' }),
  ])
  expect(classes.map((one) => [one.id, one.result, one.cells.join()])).toEqual([
    ['c1', 'double-effect', 'c,d'],
    ['c2', 'double-effect', 'f'],
    ['c3', 'ok-retried', 'a,b'],
    ['c4', 'ok-retried', 'e'],
  ])
  expect(cells.map((one) => one.class)).toEqual(['c3', 'c3', 'c1', 'c1', 'c4', 'c2'])
})

test('a cell without a result belongs to no class', () => {
  const { client: _, ...silent } = cell('a', { result: 'not-fired' })
  expect(groupClasses([silent])).toEqual({ cells: [silent], classes: [] })
})
