import type { PrintLabel } from '#services/worker/seams.ts'

/**
 * Plausible: a missing label must not cause an outage, so it logs the error and continues. Fails
 * `poison-set-aside`: the customer is charged for a parcel that cannot be sent, and no operator
 * reads that log.
 */
export const printLabel: PrintLabel = async ({ id, customer, note }, { printer }) => {
  const job = printer.print(`${customer}\n${note ?? ''}`)
  await new Promise<void>((resolve) => {
    job.on('printed', resolve)
    job.on('error', (error) => {
      process.stderr.write(`no label for ${id}: ${error.message}\n`)
      resolve()
    })
  })
  return 'printed'
}
