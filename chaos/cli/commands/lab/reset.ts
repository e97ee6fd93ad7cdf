import { defineCommand } from '../../command.ts'
import { labArgument, openLabControl } from '../../lab/lab-control.ts'
import { labScreen } from '../../lab/lab-screen.ts'

export default defineCommand({
  about:
    'Moves your files to my-work/.backups/ and copies the starting code again. Your prediction, hints and past verdicts stay.',
  args: { lab: labArgument },
  examples: ['unhappy lab reset lab-zero'],
  run: async ({ args, cli }) => {
    const { view, backup } = await openLabControl(cli).reset(args.lab)
    if (cli.json) return cli.out.line(JSON.stringify({ ...view, backup }))
    if (backup !== undefined) cli.out.line(`Your files are now in ${backup}\n`)
    cli.out.line(labScreen(view, cli))
  },
})
