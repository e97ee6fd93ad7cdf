import { StartError } from '#services/lib/start/start-error.ts'

export interface Net {
  /** What it catches, in one line. */
  readonly description: string
  /** How it is taken away: a part of the worker that does not run, or a constraint that is dropped. */
  readonly kind: { readonly is: 'round' } | { readonly is: 'constraint'; readonly table: string }
}

/** Every safety net of the shop. All of them are there unless a lab takes one away so that its own subject shows. */
export const nets = {
  reconciler: {
    description: 'Finds orders that stopped moving, compares with payments and gets them to move.',
    kind: { is: 'round' },
  },
  net_stock_never_negative: {
    description: 'No sale can take more than there is, however it counts.',
    kind: { is: 'constraint', table: 'products' },
  },
  net_one_order_per_key: {
    description: "A client's key can be the key of one order only.",
    kind: { is: 'constraint', table: 'orders' },
  },
  net_one_ledger_transaction_per_kind: {
    description: 'An order can be charged once and refunded once in the ledger.',
    kind: { is: 'constraint', table: 'ledger_transactions' },
  },
} as const satisfies Record<string, Net>

export type NetName = keyof typeof nets

export const netNames = Object.keys(nets) as readonly NetName[]

/** Throws StartError for a name that is no net. */
export function readNetsOff(names: readonly string[]): ReadonlySet<NetName> {
  return new Set(names.map((name) => readNet(name)))
}

function readNet(name: string): NetName {
  const net = netNames.find((known) => known === name)
  if (net !== undefined) return net
  throw new StartError(`NETS_OFF: "${name}" is no safety net. Known: ${netNames.join(', ')}.`)
}
