import { withAllProfiles } from '#chaos/contracts/topology.ts'
import { resolveTargets } from '#chaos/engine/targets.ts'
import { system } from '#chaos/system.ts'

import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'
import { linksTable } from '../ui/links-table.ts'

export default defineCommand({
  about:
    "A link is a named connection, written caller:callee. Any client can connect to its port. Its toxics are Toxiproxy's.",
  args: {
    link: {
      type: 'positional',
      required: false,
      description: "A link, or a pattern in quotes: 'api-*:redis'. Default: all links.",
    },
  },
  examples: ['unhappy links', "unhappy links '*:payments'", 'unhappy links --json'],
  run: async ({ args, cli }) => {
    const client = await requireSandbox(cli)
    const topology = withAllProfiles(system.topology)
    const names =
      args.link === undefined ? undefined : new Set(resolveTargets(topology, 'link', args.link))
    const view = await client.sandbox()
    const links = view.links.filter(({ name }) => names?.has(name) ?? true)
    cli.out.line(cli.json ? JSON.stringify(links) : linksTable(links, cli.out))
  },
})
