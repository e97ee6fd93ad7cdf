import { expect, test } from 'vitest'

import type { Cell, Matrix } from '../matrix.ts'
import { agreementOf } from './agreement.ts'

function matrix(key: string, cells: readonly Partial<Cell>[]): Matrix {
  const columns = ['request-cut', 'reply-cut'] as const
  return {
    steps: [{ id: 's01', key }],
    cells: cells.map((cell, i) => ({
      id: `s01/${columns[i]}`,
      step: 's01',
      column: columns[i],
      ...cell,
    })),
  } as unknown as Matrix
}

test('matrices with the same results agree', () => {
  const one = matrix('COMMIT', [{ result: 'ok' }, { result: 'lost' }])
  expect(agreementOf([one, one, one])).toEqual({
    cells: 2,
    unsteadySteps: [],
    disagreements: [],
    sensitiveShare: 0,
  })
})

test('a cell with different results is listed, and whether a matrix marks it as dependent on timing', () => {
  const runs = [
    matrix('COMMIT', [{ result: 'ok' }, { result: 'lost' }]),
    matrix('COMMIT', [{ result: 'ok-slow' }, { result: 'stuck', timingSensitive: true }]),
  ]
  const { disagreements, sensitiveShare } = agreementOf(runs)
  expect(disagreements).toEqual([
    { cell: 'COMMIT / request-cut', results: ['ok', 'ok-slow'], marked: false },
    { cell: 'COMMIT / reply-cut', results: ['lost', 'stuck'], marked: true },
  ])
  expect(sensitiveShare).toBe(0.5)
})

test('a step that only one matrix has is listed and not compared', () => {
  const runs = ['COMMIT', 'BEGIN'].map((key) => matrix(key, [{ result: 'ok' }]))
  expect(agreementOf(runs)).toMatchObject({ cells: 0, unsteadySteps: ['COMMIT', 'BEGIN'] })
})
