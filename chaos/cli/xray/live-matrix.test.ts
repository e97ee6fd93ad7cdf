import { tmpdir } from 'node:os'

import { expect, test } from 'vitest'

import { homeAt } from '#chaos/home/home.ts'
import type { SweepProgress } from '#chaos/xray/sweep.ts'

import type { Cli } from '../cli.ts'
import { createPrinter } from '../ui/printer.ts'
import { widthOf } from '../ui/wrap.ts'
import { createLiveMatrix } from './live-matrix.ts'

const escape = '\u001B['

function createTerminal(columns: number, rows: number): { cli: Cli; written: string[] } {
  const written: string[] = []
  const stream = { isTTY: true, columns, rows, write: (text: string) => written.push(text) }
  const out = createPrinter(stream, { noColour: true, environment: {} })
  const cli: Cli = {
    home: homeAt(tmpdir()),
    out,
    err: out,
    interactive: false,
    json: false,
    program: 'unhappy',
    slot: undefined,
    environment: {},
    signal: new AbortController().signal,
    clock: { now: () => 0, wallTimeMs: () => 0, sleep: async () => undefined },
  }
  return { cli, written }
}

const progress = {
  steps: Array.from({ length: 30 }, (_, i) => ({
    id: `s${i}`,
    link: 'api:postgres',
    signature: 'COMMIT',
    nth: 1,
  })),
  cells: [],
  total: 300,
  elapsedMs: 1_000,
  leftMs: 2_000,
  phase: 'done',
} as unknown as SweepProgress

test('a redraw moves up by the rows that are on the screen, even when lines wrap and the matrix is too tall', () => {
  const { cli, written } = createTerminal(60, 12)
  using live = createLiveMatrix(cli)
  live.show(progress)
  const rows = written
    .join('')
    .trimEnd()
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / 60)), 0)
  expect(rows).toBeLessThan(12)
  expect(rows).toBeGreaterThan(8)
  live.end()
  expect(written.at(-1)).toBe(`${escape}${rows}A\r${escape}J`)
})
