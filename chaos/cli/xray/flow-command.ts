import { resolve } from 'node:path'

import type { ArgsDef } from 'citty'

import type { XrayBody } from '#chaos/contracts/api.ts'
import { loadFlow, type LoadedFlow, systemWithFlow } from '#chaos/derived/file/load-flow.ts'
import { codeToXray } from '#chaos/exercise/code-to-xray.ts'
import { formatDuration, parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'
import { sandboxesDefault } from '#chaos/xray/xray-sandbox.ts'
import { labs } from '#labs/index.ts'

import type { Cli } from '../cli.ts'
import type { AnyCommand } from '../command.ts'
import { defineCommand } from '../command.ts'
import { makeMatrix, type XrayRequest } from './make-matrix.ts'
import { printMatrix } from './print-matrix.ts'
import { makeXrayFolder, type SavedMatrix } from './save-matrix.ts'
import { dockerSandbox, xrayInDocker } from './xray-in-docker.ts'

const budgetDefaultMs = 600_000

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

/** Options that select the cells, and where they run. */
const runArgs = {
  quick: {
    type: 'boolean',
    description: 'Skip cells that another cell represents. The result lists them with the reason.',
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
  budget: {
    type: 'string',
    valueHint: 'duration',
    description: `End the X-ray of a flow file after this time. Cells that did not run are listed. Default: ${formatDuration(budgetDefaultMs)} for a flow file, no limit for other flows.`,
  },
  retry: {
    type: 'boolean',
    description: 'With a flow file: the client sends each request twice, with the same id.',
  },
  out: {
    type: 'string',
    valueHint: 'folder',
    description: 'Folder for xray.json and xray.html. Default: a new folder in runs/.',
  },
} as const

/** The command of one flow: `unhappy xray place-order`. `own`: further arguments; `file` is a flow file instead of the flow. */
export function flowCommand(firstFlow: string, own: ArgsDef = {}): AnyCommand {
  return defineCommand({
    args: {
      ...own,
      ...codeArgs,
      ...runArgs,
    },
    examples: [
      `unhappy xray ${firstFlow}`,
      `unhappy xray ${firstFlow} --quick --lab dual-write --version start`,
    ],
    run: async ({ args, cli }) => {
      const named = args.stacks ?? args.sandboxes
      const sandboxes = parseSandboxes(named)
      const only = listOf(args.only)
      const mode = args.quick === true ? 'quick' : 'full'
      const off = listOf(args.off)
      const { exercise, lab, version } = args
      const { file: path } = args as { readonly file?: string }
      const file = path === undefined ? undefined : await loadFlow(path, args.retry === true)
      const budgetMs = budgetOf(args.budget, file)
      const flow = file?.name ?? firstFlow
      // Sandboxes that the user asks for are started here, even while one in Docker runs.
      const inDocker = named === undefined ? await dockerSandbox(cli) : undefined
      if (inDocker !== undefined) {
        const own = { flow, mode, exercise, lab, version, off, only } as const
        const body = bodyOf({ ...own, file, retry: args.retry, budgetMs })
        const { matrix, files } = await xrayInDocker(cli, inDocker, body, args.out)
        return report(cli, matrix, files)
      }
      const code = await codeToXray(
        { system, home: cli.home, labs },
        { exercise, lab, version, off },
      )
      const request: XrayRequest = {
        system: file === undefined ? system : systemWithFlow(system, file),
        flow,
        mode,
        code,
        sandboxes,
        startedAt: new Date(cli.clock.wallTimeMs()).toISOString(),
        ...(only === undefined ? {} : { only: new Set(only) }),
        ...(budgetMs === undefined ? {} : { budgetMs }),
        ...(file === undefined ? {} : { file }),
      }
      const { bold } = cli.err.colours
      cli.err.line(`${bold(`X-ray of ${flow}`)}: ${code.variant}${netsOffText(code.off)}`)
      if (file !== undefined)
        cli.err.line(
          '  It runs in the shop. For your own system: unhappy adopt, then this command.',
        )
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
  readonly file: LoadedFlow | undefined
  readonly retry: boolean | undefined
  readonly budgetMs: number | undefined
}

function bodyOf(options: Options): XrayBody {
  const { flow, mode, exercise, lab, version, off, only, file, retry, budgetMs } = options
  return {
    flow,
    mode,
    ...(lab === undefined ? {} : { lab, version }),
    ...(exercise === undefined ? {} : { exerciseDir: resolve(exercise) }),
    ...(off === undefined ? {} : { off }),
    ...(only === undefined ? {} : { only }),
    ...(file === undefined ? {} : { file: { path: resolve(file.path), text: file.text } }),
    ...(retry === undefined ? {} : { retry }),
    ...(budgetMs === undefined ? {} : { budgetMs }),
  }
}

/** Undefined: no limit. */
function budgetOf(text: string | undefined, file: LoadedFlow | undefined): number | undefined {
  if (text !== undefined) return parseDuration(text)
  return file === undefined ? undefined : budgetDefaultMs
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

/** 0: no cell is broken. 1: some cells are broken. 2: some cells have no result. */
function exitStatusOfMatrix({ summary }: Matrix): number {
  if (summary.integrity + summary.liveness > 0) return 1
  return summary.notFired + summary.errors > 0 ? 2 : 0
}

function netsOffText(off: readonly string[]): string {
  return off.length === 0 ? '' : `, without ${off.join(', ')}`
}
