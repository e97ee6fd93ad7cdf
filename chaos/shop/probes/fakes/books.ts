import type { ProbeTools } from '../contract-probe.ts'
import { limits } from './fake-process.ts'
import { Session } from './sql/session.ts'
import { Store } from './sql/store.ts'

/** As in the lab: the safety net is off. */
const off = ['net_one_ledger_transaction_per_kind']

/** The shop's tables with one order, whose payment is not recorded yet. */
export async function createBooks(
  tools: Pick<ProbeTools<unknown>, 'sleep' | 'call'>,
  status: 'placed' | 'charging',
): Promise<Store> {
  const store = new Store(off)
  const owner = new Session(store, tools, limits)
  await tools.call(async () => {
    await owner.run(
      `INSERT INTO products (sku, name, price_cents, stock, initial_stock) VALUES ('mug', 'Mug', 1200, 10, 10)`,
    )
    await owner.run(
      `INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status)
       VALUES ('o-1', 'o', 'ann', 'mug', 1, 1200, $1)`,
      [status],
    )
  }, 1_000)
  return store
}

/** What the books say about the order, in a few words. */
export function bookedIn(store: Store): string {
  const count = store.committed('ledger_transactions').length
  const entries = store.committed('ledger_entries').length
  const { status } = store.committed('orders')[0] ?? {}
  const halves = entries === 2 * count ? '' : ` with ${entries} entries`
  return `${count} times in the ledger${halves}, the order is ${JSON.stringify(status)}`
}

/** In the ledger once, with both entries, and paid. */
export const bookedOnce = '1 times in the ledger, the order is "paid"'
