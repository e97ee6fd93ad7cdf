import { toxicHelp } from '#chaos/proxy/client/toxic-attributes.ts'

import { defineCommand } from '../../command.ts'
import { wrap } from '../../ui/wrap.ts'

export default defineCommand({
  args: {
    type: {
      type: 'positional',
      required: false,
      description: 'A type of toxic, for example latency. Default: all types.',
    },
  },
  examples: ['unhappy toxic kinds', 'unhappy toxic kinds latency'],
  run: async ({ args, cli }) => {
    cli.out.line(wrap(toxicHelp(args.type), cli.out.columns, 4))
  },
})
