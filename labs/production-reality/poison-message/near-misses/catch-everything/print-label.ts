import type { PrintLabel } from '#services/worker/seams.ts'

process.on('uncaughtException', (error) => {
  process.stderr.write(`survived: ${error.stack ?? error.message}\n`)
})

/**
 * Plausible: one order must not kill a worker, so no error may end the process. Fails
 * `no-stuck-orders`: this code does not listen for an error, so the job waits for a `printed` that
 * never comes, and keeps its slot. When every slot has such an order, the worker is alive and
 * healthy and does nothing.
 */
export const printLabel: PrintLabel = async ({ customer, note }, { printer }) => {
  const job = printer.print(`${customer}\n${note ?? ''}`)
  await new Promise<void>((resolve) => {
    job.on('printed', resolve)
  })
  return 'printed'
}
