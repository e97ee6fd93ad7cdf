import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'

export default defineCommand({
  about:
    "After a lab your code is still running, without the safety nets that the lab takes away. This brings the shop's own code back, every net, and fresh books. Your files stay.",
  examples: ['unhappy restore'],
  run: async ({ cli }) => {
    const client = await requireSandbox(cli)
    cli.err.line('Restarting the shop as it was at the start ...')
    await client.restore()
    cli.out.line(cli.json ? JSON.stringify({ restored: true }) : 'Restored.')
  },
})
