import { inspectLink, listLinks } from '#chaos/proxy/client/toxic-client.ts'

import { defineCommand } from '../../command.ts'
import { dataPlaneUrl, urlArgument } from '../../data-plane.ts'
import { linksTable } from '../../ui/links-table.ts'

export default defineCommand({
  args: {
    link: { type: 'positional', required: false, description: 'One link. Default: all links.' },
    url: urlArgument,
  },
  examples: ['unhappy toxic list', 'unhappy toxic list api-1:redis --json'],
  run: async ({ args, cli }) => {
    const url = await dataPlaneUrl(cli, args.url)
    const links =
      args.link === undefined ? await listLinks(url) : [await inspectLink(url, args.link)]
    cli.out.line(cli.json ? JSON.stringify(links) : linksTable(links, cli.out))
  },
})
