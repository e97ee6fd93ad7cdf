// WRONG. Breaks "Any other error is thrown, so that the queue tries again" and "it is not shipped without a label".
// Only an `UnprintableError` is handled; any other error of the printer is logged, and the order continues as printed.
// The story has poison notes only, so it holds there. With no paper for a moment, the customer is charged and
// the parcel has no label.
import { UnprintableError } from '#services/worker/orders/label-printer.ts'
import type { PrintLabel } from '#services/worker/seams.ts'

export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  const job = printer.print(`${customer}\n${note ?? ''}`)
  const failure = await new Promise<Error | undefined>((resolve) => {
    job.on('printed', () => resolve(undefined))
    job.on('error', resolve)
  })
  if (failure instanceof UnprintableError) {
    await park(id, failure.message)
    return 'parked'
  }
  if (failure !== undefined) {
    // The printer keeps the label in its buffer and prints it when it is ready again.
    console.warn(`label of ${id}: ${failure.message}`)
  }
  return 'printed'
}
