import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'

export default defineCommand({
  about:
    'After a lab the shop still runs your code, without the safety nets that the lab turned off. This command restarts the shop with its own code, all safety nets and initial data. Your files in my-work/ stay.',
  examples: ['unhappy restore'],
  run: async ({ cli }) => {
    const client = await requireSandbox(cli)
    cli.err.line('Restoring the shop ...')
    await client.restore()
    cli.out.line(
      cli.json
        ? JSON.stringify({ restored: true })
        : 'Restored: the shop runs its own code with all safety nets and initial data.',
    )
  },
})
