// RIGHT. Both events settle one promise, so the error arrives in the `await` and no longer ends the process. The printer
// decides by the class of its error: UnprintableError parks the order (awaited, so a failing park is retried), every
// other error is thrown for the queue. The listener stays, so a second `error` is harmless. A print job
// that stays silent is thrown after 5 s, so it keeps no slot.
import { UnprintableError } from '#services/worker/orders/label-printer.ts'
import type { LabelPrinter } from '#services/worker/orders/label-printer.ts'
import type { PrintLabel } from '#services/worker/seams.ts'

const printTimeoutMs = 5_000

export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  try {
    await print(printer, `${customer}\n${note ?? ''}`)
    return 'printed'
  } catch (error) {
    if (!(error instanceof UnprintableError)) throw error
    await park(id, error.message)
    return 'parked'
  }
}

async function print(printer: LabelPrinter, text: string): Promise<void> {
  const job = printer.print(text)
  let timer: NodeJS.Timeout | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      job.on('printed', resolve)
      job.on('error', reject)
      timer = setTimeout(() => reject(new Error('The printer does not respond.')), printTimeoutMs)
    })
  } finally {
    clearTimeout(timer)
  }
}
