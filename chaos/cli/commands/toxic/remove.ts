import { removeToxicFrom } from '#chaos/proxy/client/toxic-client.ts'

import { defineCommand } from '../../command.ts'
import { dataPlaneUrl, urlArgument } from '../../data-plane.ts'

export default defineCommand({
  args: {
    link: { type: 'positional', required: true, description: 'Its name, such as api-1:redis.' },
    toxic: { type: 'positional', required: true, description: 'Its name, as `toxic list` says.' },
    url: urlArgument,
  },
  examples: ['unhappy toxic remove api-1:redis latency_downstream'],
  run: async ({ args, cli }) => {
    await removeToxicFrom(await dataPlaneUrl(cli, args.url), args.link, args.toxic)
    const { link, toxic } = args
    cli.out.line(cli.json ? JSON.stringify({ link, removed: toxic }) : `${toxic} is gone.`)
  },
})
