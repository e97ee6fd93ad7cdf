import { diffMatrices, diffText } from '#chaos/xray/judging/diff.ts'

import { defineCommand } from '../../command.ts'
import { loadMatrix } from '../../xray/save-matrix.ts'

export default defineCommand({
  about:
    'Compares two X-rays cell by cell, for example the starting code and your fix. It matches messages by their content. Exit status 1 if the second X-ray has broken cells that were not broken in the first.',
  args: {
    before: { type: 'positional', required: true, description: 'The first xray.json.' },
    after: { type: 'positional', required: true, description: 'The second xray.json.' },
  },
  examples: ['unhappy xray diff runs/xray-a/xray.json runs/xray-b/xray.json'],
  run: async ({ args, cli }) => {
    const diff = diffMatrices(await loadMatrix(cli, args.before), await loadMatrix(cli, args.after))
    if (cli.json) cli.out.line(JSON.stringify(diff))
    else for (const line of diffText(diff)) cli.out.line(line)
    return diff.changes.some(({ what }) => what === 'new' || what === 'worse') ? 1 : 0
  },
})
