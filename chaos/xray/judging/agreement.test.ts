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

test('runs that come out alike agree', () => {
  const one = matrix('COMMIT', [{ verdict: 'ok' }, { verdict: 'lost' }])
  expect(agreementOf([one, one, one])).toEqual({
    cells: 2,
    unsteadySteps: [],
    disagreements: [],
    sensitiveShare: 0,
  })
})

test('a cell that differs is named, and whether a run knew that it depends on timing', () => {
  const runs = [
    matrix('COMMIT', [{ verdict: 'ok' }, { verdict: 'lost' }]),
    matrix('COMMIT', [{ verdict: 'ok-slow' }, { verdict: 'stuck', timingSensitive: true }]),
  ]
  const { disagreements, sensitiveShare } = agreementOf(runs)
  expect(disagreements).toEqual([
    { cell: 'COMMIT / request-cut', verdicts: ['ok', 'ok-slow'], marked: false },
    { cell: 'COMMIT / reply-cut', verdicts: ['lost', 'stuck'], marked: true },
  ])
  expect(sensitiveShare).toBe(0.5)
})

test('a step that only one run has is told and not compared', () => {
  const runs = ['COMMIT', 'BEGIN'].map((key) => matrix(key, [{ verdict: 'ok' }]))
  expect(agreementOf(runs)).toMatchObject({ cells: 0, unsteadySteps: ['COMMIT', 'BEGIN'] })
})
