import { defineCommand } from '../command.ts'
import { withProgramName } from '../program-name.ts'
import { requireSandbox } from '../sandbox/find.ts'
import { reportHeal } from '../ui/heal-report.ts'

export default defineCommand({
  about:
    'Heals every fault, aborts the current run, and refuses new faults until you lift the halt. If one fault cannot be healed, it still heals the others, names that fault, and exits with status 1. It returns within a second and names the instances that are still starting.',
  args: { lift: { type: 'boolean', description: 'Lift the halt: allow faults again.' } },
  examples: ['unhappy halt', 'unhappy halt --lift'],
  run: async ({ args, cli }) => {
    const client = await requireSandbox(cli)
    if (args.lift === true) {
      await client.lift()
      cli.out.line(
        cli.json
          ? JSON.stringify({ halted: false })
          : 'The halt is lifted. Faults are allowed again.',
      )
      return
    }
    const status = reportHeal(cli, await client.halt())
    if (!cli.json)
      cli.out.line(
        withProgramName(
          'Halted. New faults are refused. Lift the halt: unhappy halt --lift',
          cli.program,
        ),
      )
    return status
  },
})
