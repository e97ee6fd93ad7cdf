import { defineCommand } from '../../command.ts'
import { withProgramName } from '../../program-name.ts'
import { openMember } from '../../workshop/open-member.ts'
import { reportToHost } from '../../workshop/report-to-host.ts'

export default defineCommand({
  about:
    'From now on this sandbox reports labs, predictions, verdicts, hints and times to the host. `unhappy workshop status` lists everything that is sent. Code is not sent, unless you share it. Joining the same host again continues as the same learner.',
  args: {
    url: {
      type: 'positional',
      required: true,
      description: 'Address of the host, as the instructor shows it.',
    },
    code: { type: 'string', required: true, description: 'The join code.' },
    name: { type: 'string', required: true, description: 'Your name, as the instructor sees it.' },
    incidents: {
      type: 'boolean',
      description: 'The instructor may start incidents in this sandbox.',
    },
  },
  examples: ['unhappy workshop join http://192.0.2.10:19900 --code K7PMXQ --name Ada'],
  run: async ({ args, cli }) => {
    const member = openMember(cli)
    const { url, code, name } = args
    const acceptsIncidents = args.incidents === true
    const view = await member.join({ url, code, name, acceptsIncidents }, cli.signal)
    if (cli.json) return cli.out.line(JSON.stringify(view))
    const { bold } = cli.out.colours
    cli.out.line(
      `You are in ${bold(view.joined?.workshop ?? '')} as ${bold(view.joined?.name ?? '')}.`,
    )
    cli.out.line('This is sent to the host:')
    for (const text of view.sends) cli.out.line(withProgramName(`  - ${text}`, cli.program))
    cli.out.line(
      withProgramName(
        'To see what was sent: unhappy workshop status   To leave: unhappy workshop leave',
        cli.program,
      ),
    )
    await reportToHost(cli)
  },
})
