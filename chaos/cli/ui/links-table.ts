import type { LinkStatus } from '#chaos/contracts/links.ts'

import type { Printer } from './printer.ts'
import { textTable } from './text-table.ts'

/** Links with their ports, connections, bytes and toxics. */
export function linksTable(links: readonly LinkStatus[], out: Printer): string {
  const { dim, red, yellow } = out.colours
  const rows = links.map((link) => [
    link.tls === undefined ? link.name : `${link.name} (TLS: bytes)`,
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
  return textTable(columns, rows, { width: out.columns, heading: dim })
}

/** All addresses are on one host. Without it the table fits into a terminal. */
function withoutHost(address: string): string {
  return address.replace(/^127\.0\.0\.1/, '')
}

function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let [value, unit] = [count, 0]
  while (value >= 1_000 && unit < units.length - 1) [value, unit] = [value / 1_000, unit + 1]
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}
