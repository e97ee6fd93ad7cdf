import { parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { addToxicTo } from '#chaos/proxy/client/toxic-client.ts'

import { defineCommand } from '../../command.ts'
import { dataPlaneUrl, urlArgument } from '../../data-plane.ts'

export default defineCommand({
  about: 'Attributes are name=value; `unhappy toxic kinds TYPE` lists them.',
  args: {
    link: { type: 'positional', required: true, description: 'Its name, such as api-1:redis.' },
    type: { type: 'positional', required: true, description: 'Such as latency.' },
    attributes: {
      type: 'positional',
      required: false,
      description: 'name=value, as many as needed.',
    },
    name: { type: 'string', description: 'Its name; type_stream when absent.' },
    stream: {
      type: 'enum',
      options: ['downstream', 'upstream'],
      description: 'downstream touches replies (the default), upstream requests.',
    },
    toxicity: { type: 'string', valueHint: 'share', description: 'Of connections, 0 to 1.' },
    for: { type: 'string', valueHint: 'duration', description: 'Goes away by itself: 30s, 2m.' },
    url: urlArgument,
  },
  takesMore: true,
  examples: [
    'unhappy toxic add api-1:redis latency latency=100 jitter=20 --for 30s',
    'unhappy toxic add api-1:payments reset_peer timeout=500 --toxicity 0.5',
  ],
  run: async ({ args, cli }) => {
    const toxicity = args.toxicity === undefined ? undefined : Number(args.toxicity)
    if (toxicity !== undefined && !(toxicity >= 0 && toxicity <= 1))
      throw new InputError(`--toxicity ${args.toxicity} is no share.`, { remedy: 'From 0 to 1.' })
    const toxic = await addToxicTo(await dataPlaneUrl(cli, args.url), {
      link: args.link,
      type: args.type,
      attributes: args._.slice(2),
      ...(args.name !== undefined && { name: args.name }),
      ...(args.stream !== undefined && { stream: args.stream }),
      ...(toxicity !== undefined && { toxicity }),
      ...(args.for !== undefined && { expiresInMs: parseDuration(args.for) }),
    })
    cli.out.line(cli.json ? JSON.stringify(toxic) : `${toxic.name} is on ${args.link}.`)
  },
})
