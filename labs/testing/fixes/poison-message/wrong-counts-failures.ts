// WRONG. Breaks "Any other error is thrown, so that the queue tries again: a printer without paper is not a reason to
// park an order" (and "Only an order whose label can never be printed is parked"). The third failure of an order, whatever
// it was, parks it. With poison notes the result is right. A printer that has no paper for a few attempts gets
// ordinary orders parked: the customers get nothing, and an operator finds "no paper" orders to be handled by hand.
import type { PrintLabel } from '#services/worker/seams.ts'

const failuresMax = 3
const failures = new Map<string, number>()

export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  try {
    const job = printer.print(`${customer}\n${note ?? ''}`)
    await new Promise<void>((resolve, reject) => {
      job.on('printed', resolve)
      job.on('error', reject)
    })
    failures.delete(id)
    return 'printed'
  } catch (error) {
    const failed = (failures.get(id) ?? 0) + 1
    failures.set(id, failed)
    // Let the queue retry first. A message that fails again and again is poison.
    if (failed < failuresMax) throw error
    failures.delete(id)
    await park(id, error instanceof Error ? error.message : String(error))
    return 'parked'
  }
}
