import type { Cli } from '../../cli.ts'
import { defineCommand } from '../../command.ts'
import { confirmsSpoiler } from '../../lab/confirm-spoiler.ts'
import { labArgument, openLabControl } from '../../lab/lab-control.ts'

export default defineCommand({
  about: 'Prints the difference between the starting code and the file that the shop runs.',
  args: {
    lab: labArgument,
    yes: { type: 'boolean', alias: 'y', description: 'Do not ask for confirmation.' },
  },
  examples: ['unhappy lab solution lab-zero'],
  run: async ({ args, cli }) => {
    const control = openLabControl(cli)
    const { state } = await control.get(args.lab)
    const yes = args.yes === true
    if (!(await confirmsSpoiler(cli, { state, what: 'the solution', yes }))) return
    await control.unlock(args.lab, 'solution')
    const solution = await control.solution(args.lab)
    if (cli.json) return cli.out.line(JSON.stringify(solution))
    for (const { diff, shop, yours } of solution.files) {
      cli.out.line(coloured(diff, cli))
      cli.out.line()
      cli.out.line(`The shop's file   ${shop}`)
      cli.out.line(`Your file         ${yours}`)
      cli.out.line(cli.out.colours.dim(`To try it: cp ${shop} ${yours}`))
    }
  },
})

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
