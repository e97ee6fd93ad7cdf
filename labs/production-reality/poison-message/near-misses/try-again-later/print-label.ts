import { once } from 'node:events'

import type { PrintLabel } from '#services/worker/seams.ts'

/**
 * Plausible: an error is thrown, the job fails, and the queue tries it again, as it does with everything that fails. Fails
 * `no-stuck-orders`: the label is as impossible at the tenth time as at the first, and until then nobody is told.
 */
export const printLabel: PrintLabel = async ({ customer, note }, { printer }) => {
  await once(printer.print(`${customer}\n${note ?? ''}`), 'printed')
  return 'printed'
}
