import { parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { addToxicTo } from '#chaos/proxy/client/toxic-client.ts'

import { defineCommand } from '../../command.ts'
import { dataPlaneUrl, urlArgument } from '../../data-plane.ts'

export default defineCommand({
  about: '`unhappy toxic kinds TYPE` lists the attributes of a type.',
  args: {
    link: {
      type: 'positional',
      required: true,
      description: 'Name of the link, for example api-1:redis.',
    },
    type: {
      type: 'positional',
      required: true,
      description: 'A type of toxic, for example latency.',
    },
    attributes: {
      type: 'positional',
      required: false,
      description: 'Attributes as name=value, separated by spaces.',
    },
    name: { type: 'string', description: 'Name of the toxic. Default: TYPE_STREAM.' },
    stream: {
      type: 'enum',
      options: ['downstream', 'upstream'],
      description: 'downstream affects replies (the default), upstream affects requests.',
    },
    toxicity: {
      type: 'string',
      valueHint: 'share',
      description: 'Share of connections that it affects, 0 to 1. Default: 1.',
    },
    for: {
      type: 'string',
      valueHint: 'duration',
      description: 'Remove it after this time: 30s, 2m.',
    },
    url: urlArgument,
  },
  acceptsExtraArguments: true,
  examples: [
    'unhappy toxic add api-1:redis latency latency=100 jitter=20 --for 30s',
    'unhappy toxic add api-1:payments reset_peer timeout=500 --toxicity 0.5',
  ],
  run: async ({ args, cli }) => {
    const toxicity = args.toxicity === undefined ? undefined : Number(args.toxicity)
    if (toxicity !== undefined && !(toxicity >= 0 && toxicity <= 1))
      throw new InputError(`"${args.toxicity}" is not a valid toxicity.`, {
        remedy: 'Use a share of the connections from 0 to 1, for example --toxicity 0.5.',
      })
    const toxic = await addToxicTo(await dataPlaneUrl(cli, args.url), {
      link: args.link,
      type: args.type,
      attributes: args._.slice(2),
      ...(args.name !== undefined && { name: args.name }),
      ...(args.stream !== undefined && { stream: args.stream }),
      ...(toxicity !== undefined && { toxicity }),
      ...(args.for !== undefined && { expiresInMs: parseDuration(args.for) }),
    })
    cli.out.line(cli.json ? JSON.stringify(toxic) : `${toxic.name} was added to ${args.link}.`)
  },
})
