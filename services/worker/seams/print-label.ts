import { once } from 'node:events'

import { UnprintableError } from '../orders/label-printer.ts'
import type { PrintLabel } from '../seams.ts'

/** A printer that is silent for longer is an error, so no label keeps a job waiting forever. */
const printTimeoutMs = 5_000

/**
 * `once` also listens for the printer's `error` event. An error event without a listener ends the
 * process, and the next worker that takes the order would die in the same way. Only a label that can
 * never be printed is a reason to park an order; after any other error the queue tries again.
 */
export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  try {
    const job = printer.print(`${customer}\n${note ?? ''}`)
    // `once` removes its listeners when it ends. An error after the timeout needs one too.
    job.on('error', () => undefined)
    await once(job, 'printed', { signal: AbortSignal.timeout(printTimeoutMs) })
    return 'printed'
  } catch (error) {
    if (!(error instanceof UnprintableError)) throw error
    await park(id, `label: ${error.message}`)
    return 'parked'
  }
}
