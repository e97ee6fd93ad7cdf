import { defineCommand } from '../../command.ts'
import { withProgramName } from '../../program-name.ts'
import { membershipText } from '../../workshop/membership-text.ts'
import { openMember } from '../../workshop/open-member.ts'
import { reportToHost } from '../../workshop/report-to-host.ts'

export default defineCommand({
  about:
    'Lists everything that this sandbox sends to the host of the workshop, what was sent last, what waits, and what the instructor has sent. It first sends what waits.',
  examples: ['unhappy workshop status'],
  run: async ({ cli }) => {
    await reportToHost(cli)
    const view = await openMember(cli).view()
    if (cli.json) return cli.out.line(JSON.stringify(view))
    cli.out.line(withProgramName(membershipText(view, cli.out), cli.program))
  },
})
