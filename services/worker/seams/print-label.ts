import { once } from 'node:events'

import { UnprintableError } from '../orders/label-printer.ts'
import type { PrintLabel } from '../seams.ts'

/**
 * `once` also listens for the printer's `error` event. An error event without a listener ends the
 * process, and the next worker that takes the order would die in the same way. Only a label that can
 * never be printed is a reason to park an order; after any other error the queue tries again.
 */
export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  try {
    await once(printer.print(`${customer}\n${note ?? ''}`), 'printed')
    return 'printed'
  } catch (error) {
    if (!(error instanceof UnprintableError)) throw error
    await park(id, `label: ${error.message}`)
    return 'parked'
  }
}
