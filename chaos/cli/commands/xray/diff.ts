import { diffMatrices, diffText } from '#chaos/xray/judging/diff.ts'

import { defineCommand } from '../../command.ts'
import { loadMatrix } from '../../xray/save-matrix.ts'

export default defineCommand({
  about:
    'Compares cell by cell, by what the messages are: the happy-path version and your fix. Exit status 1 when the second one breaks what the first did not.',
  args: {
    before: { type: 'positional', required: true, description: 'An xray.json.' },
    after: { type: 'positional', required: true, description: 'Another one.' },
  },
  examples: ['unhappy xray diff runs/xray-a/xray.json runs/xray-b/xray.json'],
  run: async ({ args, cli }) => {
    const diff = diffMatrices(await loadMatrix(cli, args.before), await loadMatrix(cli, args.after))
    if (cli.json) cli.out.line(JSON.stringify(diff))
    else for (const line of diffText(diff)) cli.out.line(line)
    return diff.changes.some(({ what }) => what === 'new' || what === 'worse') ? 1 : 0
  },
})
