import { defineCommand } from '../../command.ts'
import { confirmsSpoiler } from '../../lab/confirm-spoiler.ts'
import { labArgument, openLabControl } from '../../lab/lab-control.ts'
import { withProgramName } from '../../program-name.ts'
import { markdownText } from '../../ui/markdown.ts'

export default defineCommand({
  about:
    "Prints the lab's after.md: fixes that look right and fail, what a right fix costs, and what to try next.",
  args: {
    lab: labArgument,
    yes: { type: 'boolean', alias: 'y', description: 'Do not ask for confirmation.' },
  },
  examples: ['unhappy lab after lab-zero'],
  run: async ({ args, cli }) => {
    const control = openLabControl(cli)
    const { state } = await control.get(args.lab)
    const yes = args.yes === true
    if (!(await confirmsSpoiler(cli, { state, what: 'what gives the solution away', yes }))) return
    await control.unlock(args.lab, 'after')
    const after = await control.after(args.lab)
    if (cli.json) return cli.out.line(JSON.stringify(after))
    const text = markdownText(after.text, cli.out)
    cli.out.line(withProgramName(text.replaceAll('npx unhappy ', 'unhappy '), cli.program))
  },
})
