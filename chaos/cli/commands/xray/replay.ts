import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { XrayBody } from '#chaos/contracts/api.ts'
import { readFlow, systemWithFlow } from '#chaos/derived/file/load-flow.ts'
import { flowText } from '#chaos/flows/flow-text.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'
import { isBad } from '#chaos/xray/judging/cell-results.ts'
import type { Cell, Matrix } from '#chaos/xray/matrix.ts'
import { openXraySandboxes } from '#chaos/xray/open-xray-sandboxes.ts'
import { columnNamed } from '#chaos/xray/planning/columns.ts'
import { type Replayable, replayOf } from '#chaos/xray/replay.ts'
import { comparisonOfCell } from '#chaos/xray/showing/cell-history.ts'

import type { Cli } from '../../cli.ts'
import { defineCommand } from '../../command.ts'
import { evidenceLines } from '../../xray/evidence-lines.ts'
import { loadMatrix } from '../../xray/save-matrix.ts'
import { dockerSandbox, xrayInDocker } from '../../xray/xray-in-docker.ts'

export default defineCommand({
  about:
    'Injects the same fault on the same message again, with the same code. In Docker it uses the running sandbox. Exit status: 0 the cell is not broken, 1 it is broken, 2 it has no result.',
  args: {
    cell: {
      type: 'positional',
      required: true,
      description: 'Id of the cell, for example s07/reply-cut.',
    },
    from: {
      type: 'string',
      valueHint: 'file',
      description: 'The xray.json. Default: the latest one in runs/.',
    },
  },
  examples: ['unhappy xray replay s07/reply-cut', 'unhappy xray replay s07/reply-cut --json'],
  run: async ({ args, cli }) => {
    const matrix = await loadMatrix(cli, args.from)
    const replay = replayOf(matrix, args.cell)
    const inDocker = await dockerSandbox(cli)
    const cell =
      inDocker === undefined
        ? await replayHere(cli, matrix, replay)
        : await replayInDocker(cli, inDocker, matrix, replay.cell)
    const { bold } = cli.err.colours
    if (cli.json) cli.out.line(JSON.stringify(cell))
    else {
      cli.out.line(bold(`${cell.id}: ${cell.result} ${cell.confirmed ?? ''}`.trim()))
      cli.out.line(`${cell.story ?? cell.why ?? ''}\n`)
      for (const line of evidenceLines(cell.evidence ?? [], cli.out)) cli.out.line(line)
      for (const line of diagramOf(cell, matrix)) cli.out.line(line)
      if (cell.result !== replay.cell.result)
        cli.err.line(`The X-ray had another result: ${replay.cell.result}.`)
    }
    if (cell.client === undefined) return 2
    return isBad(cell.result) ? 1 : 0
  },
})

function diagramOf({ id, column, history }: Cell, { baseline }: Matrix): readonly string[] {
  if (history === undefined) return []
  const isStopped = columnNamed(column)?.act !== 'late'
  return flowText(comparisonOfCell({ id, history, withoutFault: baseline.history, isStopped }))
}

async function replayHere(cli: Cli, matrix: Matrix, replay: Replayable): Promise<Cell> {
  const { flowFile, flow } = matrix
  const own = flowFile && (await readFlow(flowFile, flow.startsWith('retry-')))
  await using opened = await openXraySandboxes({
    system: own === undefined ? system : systemWithFlow(system, own),
    count: 1,
    clock: cli.clock,
    setup: {
      off: matrix.env.netsOff,
      signal: cli.signal,
      ...(matrix.code === null ? {} : { exercise: matrix.code }),
    },
    onProgress: (text) => cli.err.line(cli.err.colours.dim(`  ${text}`)),
  })
  const [sandbox] = opened.sandboxes
  if (sandbox === undefined) throw new Error('no sandbox was started')
  return await replay.run(sandbox)
}

/** The running sandbox runs the cell: an X-ray of one cell, with files of its own. */
async function replayInDocker(
  cli: Cli,
  client: ApiClient,
  { flow, code, env, flowFile }: Matrix,
  { id }: Cell,
): Promise<Cell> {
  const body: XrayBody = {
    flow,
    mode: 'full',
    only: [id],
    off: env.netsOff,
    ...(code === null ? {} : { exerciseDir: code.folder }),
    ...(flowFile === undefined ? {} : { file: flowFile, retry: flow.startsWith('retry-') }),
  }
  const { matrix } = await xrayInDocker(cli, client, body, undefined)
  const cell = matrix.cells.find((one) => one.id === id)
  if (cell === undefined) throw new InputError(`The new X-ray has no cell "${id}".`)
  return cell
}
