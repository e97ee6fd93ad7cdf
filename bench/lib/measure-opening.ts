import { stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { failingFlowsOf } from '#chaos/api/runs/failing-flows-of.ts'
import { awaitScenarioRun } from '#chaos/cli/lab/await-run.ts'
import type { CheckResult } from '#chaos/contracts/verdict.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { flowDiagramSvg } from '#chaos/report/flow-diagram/flow-diagram-svg.ts'
import { system } from '#chaos/system.ts'

const orders = 200
const scenario = `
title: 200 orders
steadyState: 2s
recovery: 10s
workload:
  browse: 20/s
  orders: 20/s
  duration: 10s
method:
  - at: 2s
    inject: { refuse: { link: 'api-1:postgres' } }
    for: 2s
expect:
  - no-lost-orders
`

export const openingFigures = {
  first: `first diagram of a run with ${orders} orders opens, ms`,
  second: 'second diagram opens, ms',
  list: 'list of the flows, ms',
  report: 'CPU of the diagrams in the report of a violated run, ms',
  run: 'CPU of links and controller in that run, ms',
  disk: 'recording of that run, MB',
} as const

/** Runs {@link orders} orders and opens diagrams as the page does: it requests the flow and draws it. */
export async function measureOpening(
  client: ApiClient,
  runs: string,
  used: () => Promise<number>,
): Promise<Readonly<Record<string, number>>> {
  const fromMs = await used()
  const run = await awaitScenarioRun(client, { scenario, seed: 1 }, systemClock)
  const runMs = (await used()) - fromMs
  const folder = join(runs, run.id)
  const { size } = await stat(join(folder, 'traffic.bin'))
  const [list, listMs] = await timed(() => client.flows(run.id))
  if (list.flows.length < orders)
    throw new Error(`The run has only ${list.flows.length} flows. ${orders} were expected.`)
  const idOf = (place: number): string => list.flows.at(place)?.id ?? ''
  const open = async (place: number): Promise<number> => {
    const id = idOf(place)
    const [, ms] = await timed(async () => flowDiagramSvg(await client.flow(run.id, id)))
    return ms
  }
  const firstMs = await open(orders / 2)
  const secondMs = await open(orders / 4)
  const own = process.cpuUsage()
  const drawn = await failingFlowsOf(folder, system, [violatedBy(idOf(Math.floor(orders / 3)))])
  const { user, system: kernel } = process.cpuUsage(own)
  if (drawn.length === 0) throw new Error('The report of the run has no diagram.')
  return {
    [openingFigures.run]: runMs,
    [openingFigures.report]: (user + kernel) / 1_000,
    [openingFigures.disk]: size / 1e6,
    [openingFigures.list]: listMs,
    [openingFigures.first]: firstMs,
    [openingFigures.second]: secondMs,
  }
}

/** What a check says that names this order. */
function violatedBy(id: string): CheckResult {
  const offenders = [{ id, expected: '', actual: '' }]
  const text = { name: 'bench', title: 'bench', summary: '' }
  return { ...text, outcome: 'violated', offenders, offendersTotal: 1 }
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const fromMs = systemClock.now()
  const result = await work()
  return [result, systemClock.now() - fromMs]
}
