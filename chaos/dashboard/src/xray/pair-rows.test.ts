import { expect, test } from 'vitest'

import type { XrayMatrix } from '../../../xray/live/xray-view.ts'
import type { Cell } from '../../../xray/matrix.ts'
import { pairRows, shownResult } from './pair-rows.ts'

function matrix(
  signatures: readonly string[],
  results: Readonly<Record<string, Cell['result']>>,
): XrayMatrix {
  const steps = signatures.map((signature, i) => ({
    id: `s${i + 1}`,
    link: 'api:postgres',
    signature,
    nth: 1,
  }))
  const cells = steps.map(({ id, signature }) => ({
    id: `${id}/reply-cut`,
    step: id,
    column: 'reply-cut',
    result: results[signature] ?? 'ok',
  }))
  return { variant: 'x', steps, cells } as unknown as XrayMatrix
}

test('rows are paired by step, whatever its number, in the order of the flow', () => {
  const before = matrix(['BEGIN', 'COMMIT', 'addJob'], { COMMIT: 'orphan' })
  const after = matrix(['BEGIN', 'INSERT outbox', 'COMMIT'], {})
  const { rows, diff } = pairRows(before, after)
  expect(rows.map(({ step }) => step.signature)).toEqual([
    'BEGIN',
    'INSERT outbox',
    'COMMIT',
    'addJob',
  ])
  const what = rows.map(({ pairs }) => pairs.find(({ column }) => column === 'reply-cut')?.what)
  expect(what).toEqual([undefined, 'added', 'fixed', 'gone'])
  expect(diff.unchanged).toBe(1)
})

test('a pruned cell shows the result of the cell that represents it', () => {
  const { cells, ...rest } = matrix(['BEGIN'], { BEGIN: 'torn' })
  const pruned: Cell = {
    id: 's1/request-cut',
    step: 's1',
    column: 'request-cut',
    result: 'pruned',
    sameAs: 's1/reply-cut',
  }
  expect(shownResult(pruned, { ...rest, cells: [...cells, pruned] })).toBe('torn')
})
