import { createInterface } from 'node:readline/promises'

import type { Cli } from '../../cli.ts'
import { defineCommand } from '../../command.ts'
import { labArgument, openLabControl } from '../../lab/lab-control.ts'

export default defineCommand({
  about: 'The difference from the starting code to the file that the shop itself runs.',
  args: {
    lab: labArgument,
    yes: { type: 'boolean', alias: 'y', description: 'Do not ask whether you are sure.' },
  },
  examples: ['unhappy lab solution lab-zero'],
  run: async ({ args, cli }) => {
    const desk = openLabControl(cli)
    const { state } = await desk.get(args.lab)
    if (state !== 'held' && args.yes !== true && !(await isSure(cli))) return
    const solution = await desk.solution(args.lab)
    if (cli.json) return cli.out.line(JSON.stringify(solution))
    for (const { diff, shop, yours } of solution.files) {
      cli.out.line(coloured(diff, cli))
      cli.out.line()
      cli.out.line(`The shop's file   ${shop}`)
      cli.out.line(`Yours             ${yours}`)
      cli.out.line(cli.out.colours.dim(`To try it: cp ${shop} ${yours}`))
    }
  },
})

async function isSure(cli: Cli): Promise<boolean> {
  if (!cli.interactive) return true
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await prompt.question('Your version has not held yet. Look all the same? [y/N] ', {
    signal: cli.signal,
  })
  prompt.close()
  return /^y(es)?$/i.test(answer.trim())
}

function coloured(diff: string, cli: Cli): string {
  const { green, red, cyan, bold } = cli.out.colours
  return diff
    .split('\n')
    .map((line) => {
      if (line.startsWith('+++') || line.startsWith('---')) return bold(line)
      if (line.startsWith('+')) return green(line)
      if (line.startsWith('-')) return red(line)
      return line.startsWith('@@') ? cyan(line) : line
    })
    .join('\n')
}
