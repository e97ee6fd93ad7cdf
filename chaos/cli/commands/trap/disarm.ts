import { defineCommand } from '../../command.ts'
import { requireSandbox } from '../../sandbox/find.ts'

export default defineCommand({
  args: {
    trap: {
      type: 'positional',
      required: true,
      description: 'Id of the trap, from `unhappy trap list`.',
    },
  },
  examples: ['unhappy trap disarm trap-1a2b3c4d'],
  run: async ({ args, cli }) => {
    const client = await requireSandbox(cli)
    await client.disarmTrap(args.trap)
    cli.out.line(cli.json ? JSON.stringify({ disarmed: args.trap }) : `${args.trap} is disarmed.`)
  },
})
