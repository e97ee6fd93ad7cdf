import type { PrintLabel } from '#services/worker/seams.ts'

/** No label kills a worker that prints none. */
export const printLabel: PrintLabel = async ({ id }, { park }) => {
  await park(id, 'no labels today')
  return 'parked'
}
