import { resolve } from 'node:path'

import type { XrayBody } from '#chaos/contracts/api.ts'
import { codeToXray, type CodeToXray } from '#chaos/exercise/code-to-xray.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'
import type { LiveHead } from '#chaos/xray/live/live-line.ts'
import { writeLive } from '#chaos/xray/live/write-live.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'
import { openXraySandboxes } from '#chaos/xray/open-xray-sandboxes.ts'
import type { FlowName } from '#chaos/xray/planning/flows.ts'
import { scaledTimers } from '#chaos/xray/planning/timers.ts'
import { sweep } from '#chaos/xray/sweep.ts'
import { sandboxesDefault } from '#chaos/xray/xray-sandbox.ts'
import { labs } from '#labs/index.ts'

import type { Cli } from '../cli.ts'
import type { AnyCommand } from '../command.ts'
import { defineCommand } from '../command.ts'
import { createLiveMatrix } from './live-matrix.ts'
import { printMatrix } from './print-matrix.ts'
import { makeXrayFolder, type SavedMatrix, saveMatrix } from './save-matrix.ts'
import { dockerSandbox, xrayInDocker } from './xray-in-docker.ts'

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
        description: `Start this many sandboxes side by side, 1 to 8. Default: ${sandboxesDefault}, or the running sandbox if it is in Docker.`,
      },
      stacks: {
        type: 'string',
        valueHint: 'number',
        description: 'Earlier name of --sandboxes.',
      },
      only: {
        type: 'string',
        valueHint: 'cells',
        description: 'Run only these cells: s07/reply-cut,...',
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
      const named = args.stacks ?? args.sandboxes
      const sandboxes = parseSandboxes(named)
      const only = listOf(args.only)
      const mode = args.quick === true ? 'quick' : 'full'
      const off = listOf(args.off)
      const { exercise, lab, version } = args
      // Sandboxes that the user asks for are started here, even while one in Docker runs.
      const inDocker = named === undefined ? await dockerSandbox(cli) : undefined
      if (inDocker !== undefined) {
        const body = bodyOf({ flow, mode, exercise, lab, version, off, only })
        const { matrix, files } = await xrayInDocker(cli, inDocker, body, args.out)
        return report(cli, matrix, files)
      }
      const code = await codeToXray(
        { system, home: cli.home, labs },
        { exercise, lab, version, off },
      )
      const request: XrayRequest = {
        flow,
        mode,
        code,
        sandboxes,
        startedAt: new Date(cli.clock.wallTimeMs()).toISOString(),
        ...(only === undefined ? {} : { only: new Set(only) }),
      }
      const { bold } = cli.err.colours
      cli.err.line(`${bold(`X-ray of ${flow}`)}: ${code.variant}${netsOffText(code.off)}`)
      const folder = await makeXrayFolder(cli, { ...request, out: args.out })
      const { matrix, files } = await makeMatrix(cli, request, folder)
      return report(cli, matrix, files)
    },
  }) as AnyCommand
}

interface Options extends Pick<XrayBody, 'flow' | 'mode'> {
  readonly exercise: string | undefined
  readonly lab: string | undefined
  readonly version: string
  readonly off: readonly string[] | undefined
  readonly only: readonly string[] | undefined
}

function bodyOf({ flow, mode, exercise, lab, version, off, only }: Options): XrayBody {
  return {
    flow,
    mode,
    ...(lab === undefined ? {} : { lab, version }),
    ...(exercise === undefined ? {} : { exerciseDir: resolve(exercise) }),
    ...(off === undefined ? {} : { off }),
    ...(only === undefined ? {} : { only }),
  }
}

function report(cli: Cli, matrix: Matrix, files: SavedMatrix): number {
  if (cli.json) cli.out.line(JSON.stringify(matrix))
  else printMatrix(cli, matrix, files)
  return exitStatusOfMatrix(matrix)
}

function parseSandboxes(text: string | undefined): number {
  const sandboxes = text === undefined ? sandboxesDefault : Number(text)
  if (Number.isInteger(sandboxes) && sandboxes >= 1 && sandboxes <= 8) return sandboxes
  throw new InputError(`${text} is not a valid number of sandboxes.`, {
    remedy: 'Use a whole number from 1 to 8, for example --sandboxes 2.',
  })
}

function listOf(text: string | undefined): readonly string[] | undefined {
  return text?.split(',').filter((name) => name !== '')
}

interface XrayRequest {
  readonly flow: FlowName
  readonly mode: 'full' | 'quick'
  readonly code: CodeToXray
  readonly sandboxes: number
  readonly startedAt: string
  readonly only?: ReadonlySet<string>
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
    const { off } = code
    const exercise = codeOf(code)
    await using opened = await openXraySandboxes({
      system,
      count: request.sandboxes,
      clock,
      setup: { off, signal, ...(exercise === null ? {} : { exercise }) },
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
      ...(request.only === undefined ? {} : { only: request.only }),
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
    code: codeOf(code),
    mode,
    startedAt,
    env: { node: process.version, sandboxes, timersScaled: scaledTimers, netsOff: code.off },
  }
}

function codeOf({ exercise }: CodeToXray): LiveHead['code'] {
  return exercise === undefined ? null : { folder: exercise.folder, seams: exercise.seams }
}

/** 0: no cell is broken. 1: some cells are broken. 2: some cells have no result. */
function exitStatusOfMatrix({ summary }: Matrix): number {
  if (summary.integrity + summary.liveness > 0) return 1
  return summary.notFired + summary.errors > 0 ? 2 : 0
}

function netsOffText(off: readonly string[]): string {
  return off.length === 0 ? '' : `, without ${off.join(', ')}`
}
