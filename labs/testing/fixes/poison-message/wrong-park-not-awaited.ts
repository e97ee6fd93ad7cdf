// WRONG. Breaks "No label ends a worker" and "it is `parked`, with the reason".
// The error listener starts `park` and does not wait for it. While Postgres works nobody notices. If parking fails
// (a lost connection, a statement timeout), nobody catches the rejection: Node ends the worker with its other
// jobs, and the job reports `parked` for an order that is not parked.
import { UnprintableError } from '#services/worker/orders/label-printer.ts'
import type { PrintLabel } from '#services/worker/seams.ts'

export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  const job = printer.print(`${customer}\n${note ?? ''}`)
  return await new Promise<'printed' | 'parked'>((resolve, reject) => {
    job.on('printed', () => resolve('printed'))
    job.on('error', async (error) => {
      if (!(error instanceof UnprintableError)) {
        reject(error)
        return
      }
      resolve('parked')
      await park(id, error.message)
    })
  })
}
