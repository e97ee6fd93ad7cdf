import { isBad } from '#chaos/xray/judging/cell-results.ts'
import { openXraySandboxes } from '#chaos/xray/open-xray-sandboxes.ts'
import { replayOf } from '#chaos/xray/replay.ts'
import { sequenceText } from '#chaos/xray/showing/sequence-text.ts'

import { defineCommand } from '../../command.ts'
import { loadMatrix } from '../../xray/save-matrix.ts'

export default defineCommand({
  about:
    'Injects the same fault on the same message again, with the same code. Exit status: 0 the cell is not broken, 1 it is broken, 2 it has no result.',
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
    const { dim, bold } = cli.err.colours
    await using opened = await openXraySandboxes({
      count: 1,
      clock: cli.clock,
      setup: {
        off: matrix.env.netsOff,
        signal: cli.signal,
        ...(matrix.code === null ? {} : { exercise: matrix.code }),
      },
      onProgress: (text) => cli.err.line(dim(`  ${text}`)),
    })
    const [sandbox] = opened.sandboxes
    if (sandbox === undefined) throw new Error('no sandbox was started')
    const cell = await replay.run(sandbox)
    if (cli.json) cli.out.line(JSON.stringify(cell))
    else {
      const known = new Set(matrix.baseline.history.map(({ key }) => key ?? ''))
      cli.out.line(bold(`${cell.id}: ${cell.result} ${cell.confirmed ?? ''}`.trim()))
      cli.out.line(`${cell.story ?? cell.why ?? ''}\n`)
      for (const line of sequenceText(cell.history ?? [], known)) cli.out.line(line)
      if (cell.result !== replay.cell.result)
        cli.err.line(`The X-ray had another result: ${replay.cell.result}.`)
    }
    if (cell.client === undefined) return 2
    return isBad(cell.result) ? 1 : 0
  },
})
