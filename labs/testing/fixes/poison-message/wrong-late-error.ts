// Breaks "No label ends a worker". After two seconds the wait is aborted, and `once` removes its
// listeners. A slow printer that reports its error a moment later emits `error` without a listener: an
// uncaught exception, the worker exits, the queue gives the job to the next worker, and it exits too.
import { once } from 'node:events'

import { UnprintableError } from '#services/worker/orders/label-printer.ts'
import type { PrintLabel } from '#services/worker/seams.ts'

/**
 * Task: an order whose label cannot be printed affects no other order, and is not forgotten. Change
 * this file only.
 */
export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  const job = printer.print(`${customer}\n${note ?? ''}`)
  try {
    await once(job, 'printed', { signal: AbortSignal.timeout(2_000) })
    return 'printed'
  } catch (error) {
    if (!(error instanceof UnprintableError)) throw error
    await park(id, error.message)
    return 'parked'
  }
}
