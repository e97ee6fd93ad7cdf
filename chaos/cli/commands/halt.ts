import { asTyped } from '../as-typed.ts'
import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'
import { reportHeal } from '../ui/heal-report.ts'

export default defineCommand({
  about:
    'Undoes every fault, aborts the run that goes on, and refuses new faults until the halt is lifted. Never stops half-way: what it could not undo, it names (exit status 1).',
  args: { lift: { type: 'boolean', description: 'Allow faults again.' } },
  examples: ['unhappy halt', 'unhappy halt --lift'],
  run: async ({ args, cli }) => {
    const client = await requireSandbox(cli)
    if (args.lift === true) {
      await client.lift()
      cli.out.line(
        cli.json ? JSON.stringify({ halted: false }) : 'Lifted: faults are allowed again.',
      )
      return
    }
    const status = reportHeal(cli, await client.halt())
    if (!cli.json)
      cli.out.line(
        asTyped('Halted: new faults are refused until: unhappy halt --lift', cli.program),
      )
    return status
  },
})
