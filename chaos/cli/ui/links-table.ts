import type { LinkStatus } from '#chaos/contracts/links.ts'

import type { Output } from './output.ts'
import { table } from './table.ts'

/** What each link does and what is done to it. */
export function linksTable(links: readonly LinkStatus[], out: Output): string {
  const { dim, red, yellow } = out.colours
  const rows = links.map((link) => [
    link.name,
    withoutHost(link.listen),
    withoutHost(link.upstream),
    String(link.connections),
    bytes(link.bytesUpstream),
    bytes(link.bytesDownstream),
    link.enabled ? yellow(link.toxics.map(({ name }) => name).join(', ')) : red('down'),
  ])
  const columns = [
    { title: 'link' },
    { title: 'port' },
    { title: 'to' },
    { title: 'open', align: 'right' as const },
    { title: 'up', align: 'right' as const },
    { title: 'down', align: 'right' as const },
    { title: 'toxics' },
  ]
  return table(columns, rows, { width: out.columns, heading: dim })
}

/** On this machine everything is on one host, and the table fits into a terminal without it. */
function withoutHost(address: string): string {
  return address.replace(/^127\.0\.0\.1/, '')
}

function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let [value, unit] = [count, 0]
  while (value >= 1_000 && unit < units.length - 1) [value, unit] = [value / 1_000, unit + 1]
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}
