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
    if (!['deliver', 'cut', 'silence'].includes(args.how))
      throw new InputError(`"${args.how}" is not a way to release a message.`, {
        remedy: 'Use deliver, cut or silence.',
      })
    const client = await requireSandbox(cli)
    const path = `/api/traps/${encodeURIComponent(args.trap)}/release`
    // oxlint-disable-next-line unicorn/no-thenable -- the name of the field in the API
    await client.send('POST', path, { then: args.how })
    cli.out.line(
      cli.json
        ? JSON.stringify({ released: args.trap, how: args.how })
        : `${args.trap} released its message: ${args.how}.`,
    )
  },
})
