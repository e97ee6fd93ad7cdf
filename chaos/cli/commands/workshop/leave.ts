import { defineCommand } from '../../command.ts'
import { openMember } from '../../workshop/open-member.ts'
import { reportToHost } from '../../workshop/report-to-host.ts'

export default defineCommand({
  about:
    'From now on nothing new is recorded. Reports that wait are still sent when the host responds; with --now they are deleted.',
  args: { now: { type: 'boolean', description: 'Delete what waits, and send nothing more.' } },
  examples: ['unhappy workshop leave'],
  run: async ({ args, cli }) => {
    const member = openMember(cli)
    const isNow = args.now === true
    await member.leave({ isNow })
    if (!isNow) await reportToHost(cli)
    const view = await member.view()
    if (cli.json) return cli.out.line(JSON.stringify(view))
    cli.out.line(
      view.waiting === 0
        ? 'You have left the workshop. Nothing is sent any more.'
        : `You have left the workshop. ${view.waiting} reports are sent when the host responds, and nothing else. To delete them: unhappy workshop leave --now`,
    )
  },
})
