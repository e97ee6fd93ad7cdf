import { once } from 'node:events'

import type { PrintLabel } from '../seams.ts'

/**
 * The printer emits `error` for a label that it can never print. `once` also listens for that
 * event. An error event without a listener ends the process, and the next worker that takes the
 * order would die in the same way.
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
