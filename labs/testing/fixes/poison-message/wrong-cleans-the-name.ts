// WRONG. Breaks "It is not dropped, and it is not shipped without a label, or with a changed text."
// A poison note is parked, as in the story. A control character in the customer's name is removed before printing,
// so that order is charged and shipped with a name on the label that the customer did not enter
// ("Jo\u0007Ann" becomes "JoAnn", "7\u000812" becomes another house number), and no operator ever sees it.
import { UnprintableError } from '#services/worker/orders/label-printer.ts'
import type { PrintLabel } from '#services/worker/seams.ts'

export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  // A name has no control characters; whatever is in it came from copy and paste.
  const name = customer.replace(/\p{Cc}/gu, '').trim()
  try {
    const job = printer.print(`${name}\n${note ?? ''}`)
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
