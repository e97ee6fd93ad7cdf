import { defineCommand } from '../../command.ts'
import { openMember } from '../../workshop/open-member.ts'
import { reportToHost } from '../../workshop/report-to-host.ts'
import { sentText } from '../../workshop/sent-text.ts'

export default defineCommand({
  about: 'The instructor sees your name first in the list, with your text.',
  args: { text: { type: 'positional', required: false, description: 'What you need help with.' } },
  examples: ['unhappy workshop help', 'unhappy workshop help "Which message is lost?"'],
  run: async ({ args, cli }) => {
    const member = openMember(cli)
    await member.help(args.text === undefined ? {} : { text: args.text })
    await reportToHost(cli)
    const view = await member.view()
    if (cli.json) return cli.out.line(JSON.stringify(view))
    cli.out.line(sentText(view, 'The instructor sees that you ask for help.'))
  },
})
