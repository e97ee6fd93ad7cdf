import type { ChargeOrder } from '#services/worker/seams.ts'

/** A customer who is never charged is never charged twice. */
export const chargeOrder: ChargeOrder = async () => ({ status: 'declined' })
