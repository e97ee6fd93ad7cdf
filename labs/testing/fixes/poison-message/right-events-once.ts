// RIGHT. `once` of node:events rejects when the emitter emits `error`, and an abort signal limits the wait. The empty
// listener stays for the life of the job: an `error` after the end of the wait has a listener and ends no worker.
// UnprintableError parks (and the job fails if parking fails, so it is tried again); all else is thrown.
import { once } from 'node:events'

import { UnprintableError } from '#services/worker/orders/label-printer.ts'
import type { PrintLabel } from '#services/worker/seams.ts'

export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  try {
    const job = printer.print(`${customer}\n${note ?? ''}`)
    job.on('error', () => {})
    await once(job, 'printed', { signal: AbortSignal.timeout(5_000) })
  } catch (error) {
    if (error instanceof UnprintableError) {
      await park(id, error.message)
      return 'parked'
    }
    throw error
  }
  return 'printed'
}
