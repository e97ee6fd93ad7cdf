// RIGHT. The end of a print job is a value, not an exception: printed, impossible, or failed. The listeners are
// attached in the same turn as the print, and both stay. Only `impossible` (the printer's UnprintableError, by its name,
// so also across two copies of the module) parks; `failed` and silence for 5 s throw, and the queue tries again.
import type { LabelJob } from '#services/worker/orders/label-printer.ts'
import type { PrintLabel } from '#services/worker/seams.ts'

type Ending =
  | { readonly kind: 'printed' }
  | { readonly kind: 'impossible'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: Error }

export const printLabel: PrintLabel = async (order, desk) => {
  const ending = await endOf(desk.printer.print(`${order.customer}\n${order.note ?? ''}`))
  switch (ending.kind) {
    case 'printed':
      return 'printed'
    case 'impossible':
      await desk.park(order.id, ending.reason)
      return 'parked'
    case 'failed':
      throw ending.error
  }
}

async function endOf(job: LabelJob): Promise<Ending> {
  return await new Promise((resolve) => {
    const silent = setTimeout(() => {
      resolve({ kind: 'failed', error: new Error('No response from the label printer.') })
    }, 5_000)
    job.on('printed', () => {
      clearTimeout(silent)
      resolve({ kind: 'printed' })
    })
    job.on('error', (error) => {
      clearTimeout(silent)
      resolve(
        error.name === 'UnprintableError'
          ? { kind: 'impossible', reason: error.message }
          : { kind: 'failed', error },
      )
    })
  })
}
