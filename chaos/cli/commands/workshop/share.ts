import { defineCommand } from '../../command.ts'
import { labArgument } from '../../lab/lab-control.ts'
import { openMember } from '../../workshop/open-member.ts'
import { reportToHost } from '../../workshop/report-to-host.ts'
import { sentText } from '../../workshop/sent-text.ts'

export default defineCommand({
  about:
    'Sends the files of one lab in my-work/, as they are now, to the instructor. No other command sends code.',
  args: { lab: labArgument },
  examples: ['unhappy workshop share dual-write'],
  run: async ({ args, cli }) => {
    const member = openMember(cli)
    await member.share(args.lab)
    await reportToHost(cli)
    const view = await member.view()
    if (cli.json) return cli.out.line(JSON.stringify(view))
    cli.out.line(sentText(view, `The instructor has your code of ${args.lab}.`))
  },
})
