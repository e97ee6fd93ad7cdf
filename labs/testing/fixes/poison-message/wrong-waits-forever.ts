// Breaks "no label keeps a job waiting forever" and "A printer that never responds is such an error too." Error and success are handled, silence is not: a
// printer that emits neither `printed` nor `error` (offline, a lost job) keeps the job and its slot.
// Two such labels, and a worker with two slots processes nothing any more, healthy and idle.
import { once } from 'node:events'

import { UnprintableError } from '#services/worker/orders/label-printer.ts'
import type { PrintLabel } from '#services/worker/seams.ts'

/**
 * Task: an order whose label cannot be printed affects no other order, and is not forgotten. Change
 * this file only.
 */
export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  const job = printer.print(`${customer}\n${note ?? ''}`)
  job.on('error', () => undefined)
  try {
    await once(job, 'printed')
    return 'printed'
  } catch (error) {
    if (!(error instanceof UnprintableError)) throw error
    await park(id, error.message)
    return 'parked'
  }
}
