import type { SandboxView } from '#chaos/contracts/api.ts'
import type { LinkStatus } from '#chaos/contracts/links.ts'
import { resolveTargets } from '#chaos/engine/targets.ts'

import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'
import { table } from '../ui/table.ts'

export default defineCommand({
  about:
    "A link is a named connection, caller:callee. Its port speaks to any client; its toxics are Toxiproxy's.",
  args: {
    link: {
      type: 'positional',
      required: false,
      description: "Only these: a link, or a pattern in quotes ('api-*:redis').",
    },
  },
  examples: ['unhappy links', "unhappy links '*:payments'", 'unhappy links --json'],
  run: async ({ args, cli }) => {
    const client = await requireSandbox(cli)
    const names = args.link === undefined ? undefined : new Set(resolveTargets('link', args.link))
    const view = await client.get<SandboxView>('/api/sandbox')
    const links = view.links.filter(({ name }) => names?.has(name) ?? true)
    cli.out.line(cli.json ? JSON.stringify(links) : text(links, cli))
  },
})

function text(links: readonly LinkStatus[], cli: Cli): string {
  const { dim, red, yellow } = cli.out.colours
  const rows = links.map((link) => [
    link.name,
    link.listen,
    link.upstream,
    String(link.connections),
    bytes(link.bytesUpstream),
    bytes(link.bytesDownstream),
    link.enabled ? yellow(link.toxics.map(({ type }) => type).join(', ')) : red('down'),
  ])
  const columns = [
    { title: 'link' },
    { title: 'listens on' },
    { title: 'leads to' },
    { title: 'open', align: 'right' as const },
    { title: 'up', align: 'right' as const },
    { title: 'down', align: 'right' as const },
    { title: 'toxics' },
  ]
  return table(columns, rows, { width: cli.out.columns, heading: dim })
}

function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let [value, unit] = [count, 0]
  while (value >= 1_000 && unit < units.length - 1) [value, unit] = [value / 1_000, unit + 1]
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}
