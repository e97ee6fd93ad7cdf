// WRONG. Breaks "The printer says so: its error is an `UnprintableError`": it looks at the words of the error instead.
// A paper jam reported as "The printer cannot print: no paper" parks ordinary orders, which the queue should try
// again; an `UnprintableError` with other words ("The label is too long.") is retried until the attempts end,
// and is never parked.
import type { PrintLabel } from '#services/worker/seams.ts'

export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  try {
    const job = printer.print(`${customer}\n${note ?? ''}`)
    await new Promise<void>((resolve, reject) => {
      job.on('printed', resolve)
      job.on('error', reject)
    })
    return 'printed'
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (!/cannot print/i.test(reason)) throw error
    await park(id, reason)
    return 'parked'
  }
}
