import { expect, test } from 'vitest'

import { parseMatrix } from './parse-matrix.ts'

const cell = { id: 's01/reply-cut', step: 's01', column: 'reply-cut', result: 'ok' }
const matrix = {
  v: 1,
  kind: 'failure-matrix',
  flow: 'place-order',
  variant: 'shop',
  mode: 'full',
  startedAt: '2030-01-01T00:00:00.000Z',
  code: null,
  env: { netsOff: [] },
  baseline: { history: [] },
  steps: [{ id: 's01', link: 'api:postgres', signature: 'COMMIT', nth: 1 }],
  columns: ['reply-cut'],
  cells: [cell],
}

test('reads a matrix', () => {
  expect(parseMatrix(JSON.stringify(matrix))).toMatchObject({ variant: 'shop', cells: [cell] })
})

test.each([
  ['half a file', '{"v":1'],
  ['null', 'null'],
  ['no cells', JSON.stringify({ ...matrix, cells: undefined })],
  ['an unknown result', JSON.stringify({ ...matrix, cells: [{ ...cell, result: 'x' }] })],
  ['a step without a link', JSON.stringify({ ...matrix, steps: [{ id: 's01' }] })],
])('%s is not a matrix', (_what, text) => {
  expect(parseMatrix(text)).toBeUndefined()
})
