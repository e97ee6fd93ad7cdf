import { once } from 'node:events'

import type { PrintLabel } from '../seams.ts'

/**
 * The printer says `error` for a label that it will never print. `once` listens for that too: an error event without a
 * listener ends the process, and the next worker that takes the order would end just so.
 */
export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  try {
    await once(printer.print(`${customer}\n${note ?? ''}`), 'printed')
    return 'printed'
  } catch (error) {
    await park(id, `label: ${(error as Error).message}`)
    return 'parked'
  }
}
