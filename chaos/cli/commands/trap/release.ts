import { InputError } from '#chaos/lib/errors.ts'

import { defineCommand } from '../../command.ts'
import { requireSandbox } from '../../sandbox/find.ts'

export default defineCommand({
  args: {
    trap: {
      type: 'positional',
      required: true,
      description: 'Id of the trap, from `unhappy trap list`.',
    },
    how: {
      type: 'positional',
      required: false,
      default: 'deliver',
      description: 'What happens to the message: deliver, cut or silence.',
    },
  },
  examples: ['unhappy trap release trap-1a2b3c4d', 'unhappy trap release trap-1a2b3c4d cut'],
  run: async ({ args, cli }) => {
    const { how } = args
    if (how !== 'deliver' && how !== 'cut' && how !== 'silence')
      throw new InputError(`"${how}" is not a way to release a message.`, {
        remedy: 'Use deliver, cut or silence.',
      })
    const client = await requireSandbox(cli)
    await client.releaseTrap(args.trap, how)
    cli.out.line(
      cli.json
        ? JSON.stringify({ released: args.trap, how })
        : `${args.trap} released its message: ${how}.`,
    )
  },
})
