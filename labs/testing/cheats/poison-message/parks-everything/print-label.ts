import type { PrintLabel } from '#services/worker/seams.ts'

/** A worker that prints no labels is killed by none. */
export const printLabel: PrintLabel = async ({ id }, { park }) => {
  await park(id, 'no labels today')
  return 'parked'
}
