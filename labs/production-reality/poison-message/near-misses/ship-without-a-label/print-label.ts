import type { PrintLabel } from '#services/worker/seams.ts'

/**
 * Plausible: a label is not worth an outage. Whoever cannot print goes on, and says so in the log. Fails
 * `poison-set-aside`: the buyer is charged for a parcel that nobody can send, and nobody looks into that log.
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
