// WRONG. Breaks "An order that cannot be processed is set aside for an operator, and no other order is affected" and
// "Any other error is thrown, so that the queue tries again" (the second attempt must be able to succeed).
// Labels are printed one after another through a chain of promises. Poison labels are parked inside the chain. After
// the first other error (no paper) the chain is rejected for good: this worker prints no label until it is restarted.
import { UnprintableError } from '#services/worker/orders/label-printer.ts'
import type { LabelPrinter } from '#services/worker/orders/label-printer.ts'
import type { PrintLabel } from '#services/worker/seams.ts'

/** There is one printer, and it prints one label at a time. */
let previous: Promise<unknown> = Promise.resolve()

export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  const mine = previous.then(async (): Promise<'printed' | 'parked'> => {
    try {
      await print(printer, `${customer}\n${note ?? ''}`)
      return 'printed'
    } catch (error) {
      if (!(error instanceof UnprintableError)) throw error
      await park(id, error.message)
      return 'parked'
    }
  })
  previous = mine
  return await mine
}

async function print(printer: LabelPrinter, text: string): Promise<void> {
  const job = printer.print(text)
  await new Promise<void>((resolve, reject) => {
    job.on('printed', resolve)
    job.on('error', reject)
  })
}
