import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'

export default defineCommand({
  about:
    'After a lab the shop still runs your code, without the safety nets that the lab turned off. This command restarts the shop with its own code, all safety nets and initial data. Your files in my-work/ stay. In an adopted system it heals every fault, starts what is down, and keeps your data.',
  examples: ['unhappy restore'],
  run: async ({ cli }) => {
    const client = await requireSandbox(cli)
    const { runtime, system } = await client.sandbox()
    cli.err.line(`Restoring the ${system.name} ...`)
    await client.restore()
    cli.out.line(
      cli.json
        ? JSON.stringify({ restored: true })
        : runtime === 'adopted'
          ? 'Restored: no fault is active, and what was down runs. Your data is as it was.'
          : 'Restored: the shop runs its own code with all safety nets and initial data.',
    )
  },
})
