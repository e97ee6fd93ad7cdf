import { removeToxicFrom } from '#chaos/proxy/client/toxic-client.ts'

import { defineCommand } from '../../command.ts'
import { dataPlaneUrl, urlArgument } from '../../data-plane.ts'

export default defineCommand({
  args: {
    link: {
      type: 'positional',
      required: true,
      description: 'Name of the link, for example api-1:redis.',
    },
    toxic: {
      type: 'positional',
      required: true,
      description: 'Name of the toxic, as `unhappy toxic list` prints it.',
    },
    url: urlArgument,
  },
  examples: ['unhappy toxic remove api-1:redis latency_downstream'],
  run: async ({ args, cli }) => {
    await removeToxicFrom(await dataPlaneUrl(cli, args.url), args.link, args.toxic)
    const { link, toxic } = args
    cli.out.line(
      cli.json ? JSON.stringify({ link, removed: toxic }) : `${toxic} was removed from ${link}.`,
    )
  },
})
