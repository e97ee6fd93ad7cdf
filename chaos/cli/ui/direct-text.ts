import type { DirectConnections } from '#chaos/contracts/runtime.ts'

import type { Printer } from './printer.ts'
import { textTable } from './text-table.ts'

const meanings = {
  before: 'open since before the links',
  since: 'uses this address, not a name',
} as const

/** Connections that pass no link: their callers, the address that each caller opened, how many, and since when. */
export function directText(direct: readonly DirectConnections[], out: Printer): string {
  const { dim, yellow, green } = out.colours
  const count = direct.reduce((sum, one) => sum + one.count, 0)
  if (count === 0) return green('Every open connection between services passes a link.')
  const rows = direct.map((one) => [
    one.caller,
    `${one.callee}:${one.port}`,
    one.address,
    String(one.count),
    meanings[one.opened],
  ])
  const columns = [
    { title: 'from' },
    { title: 'to' },
    { title: 'address' },
    { title: 'open', align: 'right' as const },
    { title: '' },
  ]
  return [
    yellow(`${count} open connections pass no link:`),
    textTable(columns, rows, { width: out.columns, heading: dim }),
  ].join('\n')
}
