import { expect, it } from 'vitest'

import type { CellResult } from '#chaos/xray/judging/cell-results.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'

import { compareXrays } from './check-xrays.ts'

function matrix(results: readonly CellResult[], errors = 0): Matrix {
  const ids = results.map((_, at) => `s${at}`)
  return {
    steps: ids.map((id) => ({ id, key: `api:db|${id}|1` })),
    cells: ids.map((id, at) => ({ id, step: id, column: 'reply-cut', result: results[at] })),
    summary: { cells: ids.length, ran: ids.length, errors, seconds: 60 },
  } as unknown as Matrix
}
const ok: readonly CellResult[] = Array.from({ length: 20 }, () => 'ok')

it('accepts one different cell of twenty, and no more', () => {
  expect(compareXrays(matrix(ok), matrix(['torn', ...ok.slice(1)]))).toMatchObject({ ok: true })
  const result = compareXrays(matrix(ok), matrix(['torn', 'lost', ...ok.slice(2)]))
  expect(result.ok).toBe(false)
  expect(result.detail).toContain('2 of 20 cells differ; api:db|s0|1 reply-cut: ok, then torn')
})

it('does not compare a cell for which one X-ray had no time', () => {
  const short = matrix(['not-run', 'not-run', ...ok.slice(2)])
  expect(compareXrays(matrix(ok), short)).toMatchObject({ ok: true })
  expect(compareXrays(matrix(ok), short).detail).toContain('0 of 18 cells differ')
})

it('refuses two X-rays without a common cell, a missing step, and an error', () => {
  expect(compareXrays(matrix([]), matrix([])).ok).toBe(false)
  expect(compareXrays(matrix(ok), matrix(ok.slice(2))).ok).toBe(false)
  expect(compareXrays(matrix(ok), matrix(ok, 1)).ok).toBe(false)
})
