import type { PrintLabel } from '#services/worker/seams.ts'

/**
 * Task: an order whose label cannot be printed affects no other order, and is not forgotten. Change
 * this file only.
 */
export const printLabel: PrintLabel = async ({ customer, note }, { printer }) => {
  const job = printer.print(`${customer}\n${note ?? ''}`)
  await new Promise<void>((resolve) => {
    job.on('printed', resolve)
  })
  return 'printed'
}
