import type { PrintLabel } from '#services/worker/seams.ts'

process.on('uncaughtException', (error) => {
  process.stderr.write(`survived: ${error.stack ?? error.message}\n`)
})

/**
 * Plausible: a worker must not die of one order, so nothing may end the process. Fails `no-stuck-orders`: nobody waits for
 * an error here, so the job waits for a `printed` that never comes, and keeps its slot. When every slot has such an order
 * the worker lives, is healthy, and does nothing.
 */
export const printLabel: PrintLabel = async ({ customer, note }, { printer }) => {
  const job = printer.print(`${customer}\n${note ?? ''}`)
  await new Promise<void>((resolve) => {
    job.on('printed', resolve)
  })
  return 'printed'
}
