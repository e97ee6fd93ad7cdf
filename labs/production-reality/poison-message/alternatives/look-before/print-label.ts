import { UnprintableError } from '#services/worker/orders/label-printer.ts'
import type { PrintLabel } from '#services/worker/seams.ts'

/** Characters that a label cannot contain. */
const notPrintable = /[^\P{Cc}\n]/u
const printTimeoutMs = 5_000

/**
 * Right, by another design: it finds a text that cannot be printed before the printer receives it.
 * If the printer can never print another text (after an update of its driver), it sets that order
 * aside too. Any other error goes to the queue, which tries again.
 */
export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  const text = `${customer}\n${note ?? ''}`
  const problem = notPrintable.test(text) ? 'a control character' : await print()
  if (problem === undefined) return 'printed'
  await park(id, `label: ${problem}`)
  return 'parked'

  async function print(): Promise<string | undefined> {
    const job = printer.print(text)
    let timer: NodeJS.Timeout | undefined
    return await new Promise<string | undefined>((resolve, reject) => {
      job.on('printed', () => resolve(undefined))
      job.on('error', (error) => {
        if (error instanceof UnprintableError) resolve(error.message)
        else reject(error)
      })
      timer = setTimeout(() => reject(new Error('The printer does not respond.')), printTimeoutMs)
    }).finally(() => clearTimeout(timer))
  }
}
