import { defineCommand } from '../../command.ts'
import { labArgument, openLabControl } from '../../lab/lab-control.ts'
import { labScreen } from '../../lab/lab-screen.ts'

export default defineCommand({
  about: 'Never overwrites your files.',
  args: { lab: labArgument },
  examples: ['unhappy lab start lab-zero'],
  run: async ({ args, cli }) => {
    const view = await openLabControl(cli).start(args.lab)
    cli.out.line(cli.json ? JSON.stringify(view) : labScreen(view, cli))
  },
})
