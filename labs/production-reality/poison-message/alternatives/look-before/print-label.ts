import type { PrintLabel } from '#services/worker/seams.ts'

/** What a label may not have in it. */
const notPrintable = /[^\P{Cc}\n]/u

/**
 * Right, by another design: what the printer cannot take is found before it gets there, and whatever it refuses all the
 * same (a driver's update, a jam) is set aside just so.
 */
export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  const text = `${customer}\n${note ?? ''}`
  const problem = notPrintable.test(text) ? 'a control character' : await print()
  if (problem === undefined) return 'printed'
  await park(id, `label: ${problem}`)
  return 'parked'

  async function print(): Promise<string | undefined> {
    const job = printer.print(text)
    return await new Promise((resolve) => {
      job.on('printed', () => resolve(undefined))
      job.on('error', ({ message }) => resolve(message))
    })
  }
}
