import { availableParallelism } from 'node:os'

import { formatDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'
import type { FlowName } from '#chaos/xray/flows.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'
import { openStacks } from '#chaos/xray/open-stacks.ts'
import { sweep } from '#chaos/xray/sweep.ts'

import type { AnyCommand } from '../command.ts'
import { defineCommand } from '../command.ts'
import { codeToXray } from './code-to-xray.ts'
import { createLiveMatrix } from './live-matrix.ts'
import { printMatrix } from './print-matrix.ts'
import { saveMatrix } from './save-matrix.ts'

/** Options of everything that X-rays. */
export const codeArgs = {
  exercise: {
    type: 'string',
    valueHint: 'folder',
    description: 'Seam files to look at, instead of the shop’s own.',
  },
  lab: { type: 'string', valueHint: 'lab', description: 'Look at the code of a lab.' },
  version: {
    type: 'string',
    default: 'mine',
    description: 'Of the lab: mine, start, shop, near-misses/NAME, alternatives/NAME.',
  },
  off: {
    type: 'string',
    valueHint: 'nets',
    description:
      'Safety nets that are off: reconciler,net_... (a lab brings its own; "" leaves all on).',
  },
} as const

/** `unhappy xray place-order` and its like. */
export function flowCommand(flow: FlowName): AnyCommand {
  return defineCommand({
    args: {
      ...codeArgs,
      quick: {
        type: 'boolean',
        description: 'Leave out cells that another one stands for, and say which and why.',
      },
      stacks: {
        type: 'string',
        valueHint: 'number',
        default: String(Math.min(2, availableParallelism())),
        description: 'Shops side by side, 1 to 8.',
      },
      out: {
        type: 'string',
        valueHint: 'folder',
        description: 'Where xray.json and xray.html go; else a folder in runs/.',
      },
    },
    examples: [
      `unhappy xray ${flow}`,
      `unhappy xray ${flow} --quick --lab dual-write --version start`,
    ],
    run: async ({ args, cli }) => {
      const stacks = Number(args.stacks)
      if (!Number.isInteger(stacks) || stacks < 1 || stacks > 8)
        throw new InputError(`--stacks ${args.stacks} is not a number from 1 to 8.`)
      const code = await codeToXray(cli, args)
      const { dim, bold } = cli.err.colours
      cli.err.line(`${bold(`X-ray of ${flow}`)}: ${code.variant}${nets(code.off)}`)
      const fromMs = cli.clock.now()
      await using opened = await openStacks({
        count: stacks,
        clock: cli.clock,
        setup: {
          off: code.off,
          signal: cli.signal,
          ...(code.exercise === undefined ? {} : { exercise: code.exercise }),
        },
        onProgress: (text) => cli.err.line(dim(`  ${text}`)),
      })
      cli.err.line(dim(`  ready after ${formatDuration(cli.clock.now() - fromMs)}`))
      using live = createLiveMatrix(cli)
      const matrix = await sweep({
        flow,
        mode: args.quick === true ? 'quick' : 'full',
        variant: code.variant,
        stacks: opened.stacks,
        clock: cli.clock,
        onProgress: (progress) => live.show(progress),
      })
      live.end()
      const files = await saveMatrix(cli, matrix, args.out)
      if (cli.json) cli.out.line(JSON.stringify(matrix))
      else printMatrix(cli, matrix, files)
      return statusOf(matrix)
    },
  }) as AnyCommand
}

/** 0 nothing is broken, 1 something is, 2 cells that say nothing. */
export function statusOf({ summary }: Matrix): number {
  if (summary.integrity + summary.liveness > 0) return 1
  return summary.notFired + summary.errors > 0 ? 2 : 0
}

function nets(off: readonly string[]): string {
  return off.length === 0 ? '' : `, without ${off.join(', ')}`
}
