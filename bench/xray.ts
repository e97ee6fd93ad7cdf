import { systemClock } from '#chaos/lib/clock.ts'
import { system } from '#chaos/system.ts'
import { openXraySandboxes } from '#chaos/xray/open-xray-sandboxes.ts'
import { sweep } from '#chaos/xray/sweep.ts'

import type { Bench, BenchOptions } from './lib/bench.ts'
import { medianOf } from './lib/median-table.ts'
import type { FigureRow } from './lib/rounds.ts'

const sandboxCount = 2

/** How long a whole X-ray of the shop takes, and how many cells it runs per minute. */
export const xrayBench: Bench = {
  name: 'xray',
  description: 'the full and the quick matrix of place-order, on two sandboxes in parallel',
  base: 'full',
  goals: [
    {
      text: 'cells a minute, full',
      value: (rows) => medianOf(rows, 'cells a minute', 'full'),
      atLeast: 90,
    },
    { text: 'full matrix, s', value: (rows) => medianOf(rows, 'matrix, s', 'full'), atMost: 180 },
    { text: 'quick matrix, s', value: (rows) => medianOf(rows, 'matrix, s', 'quick'), atMost: 60 },
  ],
  measure: measureXrays,
}

async function measureXrays({
  rounds = 1,
  only,
  progress,
  signal,
}: BenchOptions): Promise<readonly FigureRow[]> {
  const modes = (['full', 'quick'] as const).filter(
    (mode) => only.length === 0 || only.includes(mode),
  )
  const rows: FigureRow[] = []
  for (let round = 0; round < rounds; round++)
    for (const mode of modes) {
      progress(`round ${round + 1}/${rounds} ${mode} matrix`)
      const fromMs = performance.now()
      await using opened = await openXraySandboxes({
        system,
        count: sandboxCount,
        clock: systemClock,
        setup: { off: [], signal },
      })
      const startSeconds = (performance.now() - fromMs) / 1_000
      const { sandboxes } = opened
      const { summary } = await sweep({
        flow: 'place-order',
        mode,
        variant: 'shop',
        sandboxes,
        clock: systemClock,
      })
      const row = (figure: string, value: number): void => {
        rows.push({ round, figure, target: mode, value })
      }
      row('cells', summary.ran)
      row('start, s', startSeconds)
      row('matrix, s', summary.seconds)
      row('cells a minute', (60 * summary.ran) / summary.seconds)
      row('broken', summary.integrity + summary.liveness)
    }
  return rows
}
