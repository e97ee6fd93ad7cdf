import { once } from 'node:events'

import type { PrintLabel } from '#services/worker/seams.ts'

/**
 * Plausible: it throws the error, the job fails, and the queue retries it, as it does with every
 * failure. Fails `no-stuck-orders`: the label is as impossible on the tenth attempt as on the
 * first, and until then no operator sees the order.
 */
export const printLabel: PrintLabel = async ({ customer, note }, { printer }) => {
  await once(printer.print(`${customer}\n${note ?? ''}`), 'printed')
  return 'printed'
}
