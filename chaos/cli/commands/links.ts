import type { SandboxView } from '#chaos/contracts/api.ts'
import { withAllProfiles } from '#chaos/contracts/topology.ts'
import { resolveTargets } from '#chaos/engine/targets.ts'
import { unknownName } from '#chaos/lib/errors.ts'
import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'
import { system } from '#chaos/system.ts'

import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'
import { directText } from '../ui/direct-text.ts'
import { linksTable } from '../ui/links-table.ts'

/** The names of an adopted system are in the view only. Throws {@link InputError}. */
function namesOf({ runtime, links }: SandboxView, pattern: string): readonly string[] {
  if (runtime !== 'adopted')
    return resolveTargets(withAllProfiles(system.topology), 'link', pattern)
  const names = links.map(({ name }) => name)
  const found = names.filter((name) => wildcardPattern(pattern).test(name))
  if (found.length === 0) throw unknownName('link', pattern, names)
  return found
}

export default defineCommand({
  about:
    "A link is a named connection, written caller:callee. Any client can connect to its port. Its toxics are Toxiproxy's.",
  args: {
    link: {
      type: 'positional',
      required: false,
      description: "A link, or a pattern in quotes: 'api-*:redis'. Default: all links.",
    },
    direct: {
      type: 'boolean',
      description: 'Show open connections of an adopted Compose project that pass no link.',
    },
  },
  examples: [
    'unhappy links',
    'unhappy links --direct',
    "unhappy links '*:payments'",
    'unhappy links --json',
  ],
  run: async ({ args, cli }) => {
    const client = await requireSandbox(cli)
    if (args.direct === true) {
      const direct = await client.directConnections()
      cli.out.line(cli.json ? JSON.stringify(direct) : directText(direct, cli.out))
      return
    }
    const view = await client.sandbox()
    const names = args.link === undefined ? undefined : new Set(namesOf(view, args.link))
    const links = view.links.filter(({ name }) => names?.has(name) ?? true)
    cli.out.line(cli.json ? JSON.stringify(links) : linksTable(links, cli.out))
  },
})
