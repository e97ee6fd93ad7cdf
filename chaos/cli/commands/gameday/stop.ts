import { defineCommand } from '../../command.ts'
import { requireSandbox } from '../../sandbox/find.ts'

export default defineCommand({
  about: 'Everything is healed and the shop is restored. The debrief of closed incidents stays.',
  examples: ['unhappy gameday stop'],
  run: async ({ cli }) => {
    await (await requireSandbox(cli)).stopGameday()
    cli.out.line(cli.json ? JSON.stringify({ stopped: true }) : 'The game day has ended.')
  },
})
