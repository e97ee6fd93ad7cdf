import { StartError } from '#services/lib/start/start-error.ts'

export interface SafetyNet {
  /** What the safety net catches, in one line. */
  readonly description: string
  /** How to switch it off: the worker does not run a task, or a constraint is dropped. */
  readonly kind: { readonly is: 'round' } | { readonly is: 'constraint'; readonly table: string }
}

/**
 * Every safety net of the shop. All are on unless a lab switches one off to show its own subject.
 */
export const safetyNets = {
  reconciler: {
    description:
      "Finds orders that are stuck, compares them with payments, and completes or enqueues them. Compares paid orders with payments' books too, and corrects them.",
    kind: { is: 'round' },
  },
  net_stock_never_negative: {
    description: 'No sale can take more than the stock.',
    kind: { is: 'constraint', table: 'products' },
  },
  net_one_order_per_key: {
    description: 'One client key belongs to at most one order.',
    kind: { is: 'constraint', table: 'orders' },
  },
  net_one_ledger_transaction_per_kind: {
    description: 'The ledger can contain one charge and one refund per order.',
    kind: { is: 'constraint', table: 'ledger_transactions' },
  },
  net_ledger_names_its_charge: {
    description: 'Every transaction of the ledger has the id of a charge.',
    kind: { is: 'constraint', table: 'ledger_transactions' },
  },
} as const satisfies Record<string, SafetyNet>

export type SafetyNetName = keyof typeof safetyNets

export const safetyNetNames = Object.keys(safetyNets) as readonly SafetyNetName[]

/** Throws {@link StartError} for an unknown safety net. */
export function readSafetyNetsOff(names: readonly string[]): ReadonlySet<SafetyNetName> {
  return new Set(names.map((name) => readSafetyNet(name)))
}

function readSafetyNet(name: string): SafetyNetName {
  const net = safetyNetNames.find((known) => known === name)
  if (net !== undefined) return net
  throw new StartError(
    `NETS_OFF: "${name}" is not a safety net. Use one of: ${safetyNetNames.join(', ')}.`,
  )
}
