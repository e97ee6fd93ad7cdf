import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'
import { reportHeal } from '../ui/heal-report.ts'

export default defineCommand({
  about: 'The shop keeps running. Each fault also ends when its lease expires.',
  args: {
    fault: {
      type: 'positional',
      required: false,
      description: 'Id of the fault, as `inject` and `status` print it. Default: every fault.',
    },
  },
  examples: ['unhappy heal', 'unhappy heal latency-3f2a'],
  run: async ({ args, cli }) => {
    const client = await requireSandbox(cli)
    if (args.fault === undefined) return reportHeal(cli, await client.healAll())
    await client.heal(args.fault)
    return reportHeal(cli, { undone: [args.fault], couldNotUndo: [] })
  },
})
