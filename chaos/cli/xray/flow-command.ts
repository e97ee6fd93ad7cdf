import { availableParallelism } from 'node:os'

import { formatDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'
import type { LiveHead } from '#chaos/xray/live/live-line.ts'
import { writeLive } from '#chaos/xray/live/write-live.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'
import { openXraySandboxes } from '#chaos/xray/open-xray-sandboxes.ts'
import type { FlowName } from '#chaos/xray/planning/flows.ts'
import { scaledTimers } from '#chaos/xray/planning/timers.ts'
import { sweep } from '#chaos/xray/sweep.ts'

import type { Cli } from '../cli.ts'
import type { AnyCommand } from '../command.ts'
import { defineCommand } from '../command.ts'
import { codeToXray, type CodeToXray } from './code-to-xray.ts'
import { createLiveMatrix } from './live-matrix.ts'
import { printMatrix } from './print-matrix.ts'
import { makeXrayFolder, type SavedMatrix, saveMatrix } from './save-matrix.ts'

/** Options that select the code to X-ray. */
const codeArgs = {
  exercise: {
    type: 'string',
    valueHint: 'folder',
    description: "Folder of seam files that replace the shop's own.",
  },
  lab: { type: 'string', valueHint: 'lab', description: 'Use the code of this lab.' },
  version: {
    type: 'string',
    default: 'mine',
    description: 'Version of the lab: mine, start, shop, near-misses/NAME, alternatives/NAME.',
  },
  off: {
    type: 'string',
    valueHint: 'nets',
    description:
      'Safety nets to turn off: reconciler,net_... Default: those that the lab turns off.',
  },
} as const

/** The command of one flow: `unhappy xray place-order`. */
export function flowCommand(flow: FlowName): AnyCommand {
  return defineCommand({
    args: {
      ...codeArgs,
      quick: {
        type: 'boolean',
        description:
          'Skip cells that another cell represents. The result lists them with the reason.',
      },
      sandboxes: {
        type: 'string',
        valueHint: 'number',
        default: String(Math.min(2, availableParallelism())),
        description: 'Number of sandboxes that run in parallel, 1 to 8.',
      },
      stacks: {
        type: 'string',
        valueHint: 'number',
        description: 'Earlier name of --sandboxes.',
      },
      out: {
        type: 'string',
        valueHint: 'folder',
        description: 'Folder for xray.json and xray.html. Default: a new folder in runs/.',
      },
    },
    examples: [
      `unhappy xray ${flow}`,
      `unhappy xray ${flow} --quick --lab dual-write --version start`,
    ],
    run: async ({ args, cli }) => {
      const count = args.stacks ?? args.sandboxes
      const sandboxes = Number(count)
      if (!Number.isInteger(sandboxes) || sandboxes < 1 || sandboxes > 8)
        throw new InputError(`${count} is not a valid number of sandboxes.`, {
          remedy: 'Use a whole number from 1 to 8, for example --sandboxes 2.',
        })
      const code = await codeToXray(cli, args)
      const request: XrayRequest = {
        flow,
        mode: args.quick === true ? 'quick' : 'full',
        code,
        sandboxes,
        startedAt: new Date(cli.clock.wallTimeMs()).toISOString(),
      }
      const { bold } = cli.err.colours
      cli.err.line(`${bold(`X-ray of ${flow}`)}: ${code.variant}${netsOffText(code.off)}`)
      const folder = await makeXrayFolder(cli, { ...request, out: args.out })
      const { matrix, files } = await makeMatrix(cli, request, folder)
      if (cli.json) cli.out.line(JSON.stringify(matrix))
      else printMatrix(cli, matrix, files)
      return exitStatusOfMatrix(matrix)
    },
  }) as AnyCommand
}

interface XrayRequest {
  readonly flow: FlowName
  readonly mode: 'full' | 'quick'
  readonly code: CodeToXray
  readonly sandboxes: number
  readonly startedAt: string
}

/** Makes the matrix. Its progress appears on the terminal and in the live file of the folder. */
async function makeMatrix(
  cli: Cli,
  request: XrayRequest,
  folder: string,
): Promise<{ matrix: Matrix; files: SavedMatrix }> {
  const { clock, signal } = cli
  const { flow, mode, code } = request
  using record = writeLive(folder, headOf(request), clock)
  const status = (text: string): void => {
    cli.err.line(cli.err.colours.dim(`  ${text}`))
    record.status(text)
  }
  try {
    const fromMs = clock.now()
    const { off, exercise } = code
    await using opened = await openXraySandboxes({
      count: request.sandboxes,
      clock,
      setup: { off, signal, ...(exercise === undefined ? {} : { exercise }) },
      onProgress: status,
    })
    status(`Ready after ${formatDuration(clock.now() - fromMs)}.`)
    record.status('Placing orders without faults ...')
    using live = createLiveMatrix(cli)
    const matrix = await sweep({
      flow,
      mode,
      variant: code.variant,
      sandboxes: opened.sandboxes,
      clock,
      onProgress: (progress) => {
        live.show(progress)
        record.show(progress)
      },
    })
    live.end()
    const files = await saveMatrix(cli, matrix, folder)
    record.done()
    return { matrix, files }
  } catch (error) {
    record.broken(error, signal.aborted ? 'stopped' : 'failed')
    throw error
  }
}

function headOf({ flow, mode, code, sandboxes, startedAt }: XrayRequest): LiveHead {
  return {
    flow,
    variant: code.variant,
    code: code.exercise ?? null,
    mode,
    startedAt,
    env: { node: process.version, sandboxes, timersScaled: scaledTimers, netsOff: code.off },
  }
}

/** 0: no cell is broken. 1: some cells are broken. 2: some cells have no result. */
function exitStatusOfMatrix({ summary }: Matrix): number {
  if (summary.integrity + summary.liveness > 0) return 1
  return summary.notFired + summary.errors > 0 ? 2 : 0
}

function netsOffText(off: readonly string[]): string {
  return off.length === 0 ? '' : `, without ${off.join(', ')}`
}
