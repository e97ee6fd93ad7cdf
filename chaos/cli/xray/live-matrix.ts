import { formatDuration } from '#chaos/lib/duration.ts'
import { isBad } from '#chaos/xray/judging/cell-results.ts'
import { matrixText } from '#chaos/xray/showing/matrix-text.ts'
import type { SweepProgress } from '#chaos/xray/sweep.ts'

import type { Cli } from '../cli.ts'
import type { Printer } from '../ui/printer.ts'
import { widthOf } from '../ui/wrap.ts'
import { painter } from './painter.ts'

export interface LiveMatrix extends Disposable {
  show(progress: SweepProgress): void
  /** Removes the matrix from the terminal. The caller prints the result. */
  end(): void
}

const redrawMs = 150
const plainEvery = 20

/** Shows the matrix while it fills: redrawn on a terminal, otherwise one line for every 20 cells. */
export function createLiveMatrix(cli: Cli): LiveMatrix {
  const { err, clock } = cli
  let drawn = 0
  let drawnAtMs = -Infinity
  let reported = 0
  const wipe = (): void => {
    if (drawn > 0) err.write(`\u001B[${drawn}A\r\u001B[J`)
    drawn = 0
  }
  return {
    show: (progress) => {
      if (!err.isTerminal) {
        if (progress.cells.length < reported + plainEvery && progress.phase === 'cells') return
        reported = progress.cells.length
        if (progress.phase !== 'done') err.line(statusLine(progress))
        return
      }
      if (clock.now() - drawnAtMs < redrawMs && progress.phase === 'cells') return
      drawnAtMs = clock.now()
      wipe()
      const lines = matrixText(progress.steps, progress.cells, painter(err))
      const shown = lastRows([...lines, statusLine(progress)], err)
      err.write(shown.lines.map((line) => `${line}\n`).join(''))
      drawn = shown.rows
    },
    end: wipe,
    [Symbol.dispose]: () => {},
  }
}

/** The last lines that fit on the terminal. Rows that have scrolled off the top could not be redrawn. */
function lastRows(
  lines: readonly string[],
  { columns, rows: height }: Printer,
): { readonly lines: readonly string[]; readonly rows: number } {
  let [first, rows] = [lines.length, 0]
  while (first > 0) {
    const more = Math.max(1, Math.ceil(widthOf(lines[first - 1] ?? '') / columns))
    if (rows + more >= height) break
    rows += more
    first--
  }
  return { lines: lines.slice(first), rows }
}

function statusLine({ cells, total, elapsedMs, leftMs, phase }: SweepProgress): string {
  const bad = cells.filter(({ result }) => isBad(result)).length
  const left =
    leftMs === undefined ? '' : `, about ${formatDuration(Math.ceil(leftMs / 1_000) * 1_000)} left`
  if (phase === 'baseline') return `Without faults the flow succeeds. ${total} cells to test.`
  const done = cells.filter(({ result }) => result !== 'not-run').length
  return `${done} of ${total} cells after ${formatDuration(elapsedMs)}${left}; ${bad} broken`
}
