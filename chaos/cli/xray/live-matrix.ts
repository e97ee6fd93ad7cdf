import { formatDuration } from '#chaos/lib/duration.ts'
import { isBad } from '#chaos/xray/judging/cell-results.ts'
import { matrixText } from '#chaos/xray/showing/matrix-text.ts'
import type { SweepProgress } from '#chaos/xray/sweep.ts'

import type { Cli } from '../cli.ts'
import { painter } from './painter.ts'

export interface LiveMatrix extends Disposable {
  show(progress: SweepProgress): void
  /** Leaves the terminal as it was before: the result is printed by somebody else. */
  end(): void
}

const redrawMs = 150
const plainEvery = 20

/** The matrix while it fills: drawn over and over on a terminal, a line now and then elsewhere. */
export function createLiveMatrix(cli: Cli): LiveMatrix {
  const { err, clock } = cli
  let drawn = 0
  let drawnAtMs = -Infinity
  let told = 0
  const wipe = (): void => {
    if (drawn > 0) err.write(`\u001B[${drawn}A\r\u001B[J`)
    drawn = 0
  }
  return {
    show: (progress) => {
      if (!err.isTerminal) {
        if (progress.cells.length < told + plainEvery && progress.phase === 'cells') return
        told = progress.cells.length
        if (progress.phase !== 'done') err.line(statusLine(progress))
        return
      }
      if (clock.now() - drawnAtMs < redrawMs && progress.phase === 'cells') return
      drawnAtMs = clock.now()
      wipe()
      const lines = [
        ...matrixText(progress.steps, progress.cells, painter(err)),
        statusLine(progress),
      ]
      err.write(`${lines.join('\n')}\n`)
      drawn = lines.length
    },
    end: wipe,
    [Symbol.dispose]: () => {},
  }
}

function statusLine({ cells, total, elapsedMs, leftMs, phase }: SweepProgress): string {
  const bad = cells.filter(({ result }) => isBad(result)).length
  const left =
    leftMs === undefined ? '' : `, about ${formatDuration(Math.ceil(leftMs / 1_000) * 1_000)} left`
  if (phase === 'baseline') return `The untouched flow holds: ${total} cells to look at.`
  return `${cells.length} of ${total} cells after ${formatDuration(elapsedMs)}${left}; ${bad} broken`
}
