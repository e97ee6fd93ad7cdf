import { join } from 'node:path'

import { dashboardUrl } from '#chaos/cli/sandbox/dashboard-url.ts'
import { launchSandbox } from '#chaos/cli/sandbox/launch.ts'
import { launchBrowser, skipWithoutBrowser } from '#chaos/dashboard/testing/browser.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import type { Bench, BenchOptions } from './lib/bench.ts'
import { medianOf } from './lib/median-table.ts'
import { percentOfCore } from './lib/process.ts'
import type { FigureRow } from './lib/rounds.ts'

const home = homeAt(join(projectRoot, '.unhappy', 'bench'))
const roundsDefault = 3
const figure = 'CPU, % of a core'
const [withoutPage, withPage] = ['without a page', 'with a page'] as const
/** A relay waits in Postgres after 30 s without an order, and the first minute also compiles code. */
const settleMs = 60_000
const openMs = 15_000
const measuredMs = 60_000

/** What a sandbox costs that no client uses, with all its processes. Without a browser, only the figure without a page. */
export const idleBench: Bench = {
  name: 'idle',
  description:
    'CPU time of an idle sandbox, without and with an open page (the browser is not counted)',
  base: withoutPage,
  goals: [
    {
      text: `${figure}, ${withoutPage}`,
      value: (rows) => medianOf(rows, figure, withoutPage),
      atMost: 3,
    },
    {
      text: `${figure}, ${withPage}`,
      value: (rows) => medianOf(rows, figure, withPage),
      atMost: 5,
    },
  ],
  measure: measureIdle,
}

async function measureIdle(options: BenchOptions): Promise<readonly FigureRow[]> {
  const { rounds = roundsDefault, progress, signal } = options
  await using sandbox = await launchSandbox(
    { home, slot: undefined, clock: systemClock, signal },
    { ephemeral: true, detached: false, onProgress: () => undefined },
  )
  const { pid } = sandbox.client.file
  const percent = async () => await percentOfCore(pid, measuredMs, signal)
  const rows: FigureRow[] = []
  const note = (round: number, target: string, value: number): void => {
    progress(`round ${round}/${rounds} ${target}: ${value.toFixed(2)} % of a core`)
    rows.push({ round, figure, target, value })
  }
  await systemClock.sleep(settleMs, signal)
  for (let round = 1; round <= rounds; round++) {
    note(round, withoutPage, await percent())
    if (skipWithoutBrowser) continue
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
      await page.goto(await dashboardUrl(sandbox.client))
      await page.getByText('ready', { exact: true }).first().waitFor()
      await systemClock.sleep(openMs, signal)
      note(round, withPage, await percent())
    } finally {
      await browser.close()
    }
  }
  return rows
}
