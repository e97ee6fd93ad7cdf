// WRONG. Breaks "Only an order whose label can never be printed is parked. The printer says so [...]. An ordinary note is not
// a reason." The check before printing treats every character below 32 as unprintable, and that includes the
// line break, which the printer prints. A customer with a note of two lines ("Second floor\nPlease ring twice")
// gets no parcel: the order is parked although nothing is wrong with its label.
import { UnprintableError } from '#services/worker/orders/label-printer.ts'
import type { PrintLabel } from '#services/worker/seams.ts'

// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f]/

export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  const bad = [customer, note ?? ''].find((text) => unprintable.test(text))
  if (bad !== undefined) {
    const character = bad.charCodeAt(bad.search(unprintable))
    await park(id, `The label contains control character ${character}.`)
    return 'parked'
  }
  try {
    const job = printer.print(`${customer}\n${note ?? ''}`)
    await new Promise<void>((resolve, reject) => {
      job.on('printed', resolve)
      job.on('error', reject)
    })
    return 'printed'
  } catch (error) {
    if (!(error instanceof UnprintableError)) throw error
    await park(id, error.message)
    return 'parked'
  }
}
