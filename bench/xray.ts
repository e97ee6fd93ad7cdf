import { systemClock } from '../chaos/lib/clock.ts'
import { openStacks } from '../chaos/xray/open-stacks.ts'
import { sweep } from '../chaos/xray/sweep.ts'
import type { Bench, BenchOptions } from './lib/bench.ts'
import { figuresOf, medianTable, saveFigures } from './lib/report.ts'
import type { Row } from './lib/rounds.ts'

const goals = { cellsPerMinute: 90, fullSeconds: 180, quickSeconds: 60 } as const
const stacksSideBySide = 2

/** How long a whole X-ray of the shop takes, and how many cells a minute that is. */
export const xrayBench: Bench = {
  name: 'xray',
  description: 'the full and the quick matrix of place-order, on two shops side by side',
  run: runXrays,
}

async function runXrays({ rounds = 1, only, save }: BenchOptions): Promise<void> {
  const modes = (['full', 'quick'] as const).filter(
    (mode) => only.length === 0 || only.includes(mode),
  )
  const ended = new AbortController()
  process.once('SIGINT', () => ended.abort(new Error('interrupted')))
  const rows: Row[] = []
  for (let round = 0; round < rounds; round++)
    for (const mode of modes) {
      const fromMs = performance.now()
      await using opened = await openStacks({
        count: stacksSideBySide,
        clock: systemClock,
        setup: { off: [], signal: ended.signal },
      })
      const startSeconds = (performance.now() - fromMs) / 1_000
      const { stacks } = opened
      const { summary } = await sweep({
        flow: 'place-order',
        mode,
        variant: 'shop',
        stacks,
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
  const figures = figuresOf('xray', rows)
  console.log(`${figures.machine}\n\n${medianTable(rows, 'full')}\n`)
  console.log(
    `Goals: ${goals.cellsPerMinute} cells a minute; full in ${goals.fullSeconds} s, quick in ${goals.quickSeconds} s.`,
  )
  if (save !== undefined) await saveFigures(save, figures)
}
