import { existsSync } from 'node:fs'
import { realpath, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

import { listFlows } from '#chaos/flows/find-flow.ts'
import { flowText } from '#chaos/flows/flow-text.ts'
import { readComparison } from '#chaos/flows/read-comparison.ts'
import { openRecordedRun, type RunPart, runParts } from '#chaos/flows/read-recorded-run.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'
import { flowDiagramSvg } from '#chaos/report/flow-diagram/flow-diagram-svg.ts'
import { system } from '#chaos/system.ts'

import type { Cli } from '../cli.ts'

export interface OrderOfRun {
  readonly run: string
  /** Absent: the first one that a violated check names, else an error that lists some. */
  readonly order?: string | undefined
  readonly part?: string | undefined
  readonly svg?: string | undefined
}

/** Prints one order of a past run from its folder. No sandbox needs to run. */
export async function traceInRun(cli: Cli, { run, order, part, svg }: OrderOfRun): Promise<void> {
  const folder = await folderOf(cli, run)
  const recorded = await openRecordedRun({
    folder,
    system,
    ...(part === undefined ? {} : { part: parsePart(part) }),
  })
  const { flows } = listFlows(recorded.run)
  const wanted = order ?? flows.find(({ isFailing }) => isFailing)?.id
  if (wanted === undefined)
    throw new InputError('No violated check of this run names an order.', {
      remedy: `Give the key of an order: ${flows
        .slice(0, 5)
        .map(({ id }) => id)
        .join(', ')} ...`,
    })
  const view = await readComparison(recorded, wanted)
  if (cli.json) cli.out.line(JSON.stringify(view))
  else for (const line of flowText(view)) cli.out.line(line)
  if (svg === undefined) return
  await writeFile(svg, flowDiagramSvg(view, { colours: 'light' }))
  cli.err.line(`diagram  ${svg}`)
}

async function folderOf(cli: Cli, run: string): Promise<string> {
  const folder = join(cli.home.runs, run)
  if (!/^[\w-]+$/.test(run) || !existsSync(join(folder, 'journal.jsonl')))
    throw new InputError(`There is no run "${run.slice(0, 80)}" in ${cli.home.runs}.`, {
      remedy: 'Use the name of a folder in it, or latest.',
      status: 404,
    })
  return join(cli.home.runs, basename(await realpath(folder)))
}

function parsePart(text: string): RunPart {
  const part = runParts.find((one) => one === text)
  if (part === undefined) throw unknownName('part', text, runParts)
  return part
}
