import type { HealReport } from '#chaos/contracts/api.ts'

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
    if (args.fault === undefined)
      return reportHeal(cli, await client.send<HealReport>('DELETE', '/api/faults'))
    await client.send('DELETE', `/api/faults/${encodeURIComponent(args.fault)}`)
    return reportHeal(cli, { undone: [args.fault], couldNotUndo: [] })
  },
})
