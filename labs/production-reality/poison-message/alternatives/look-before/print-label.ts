import type { PrintLabel } from '#services/worker/seams.ts'

/** Characters that a label cannot contain. */
const notPrintable = /[^\P{Cc}\n]/u

/**
 * Right, by another design: it finds a text that cannot be printed before the printer receives it.
 * If the printer refuses another text (after an update of its driver, or a paper jam), it sets that
 * order aside too.
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
