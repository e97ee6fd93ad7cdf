import type { ChargeOrder } from '#services/worker/seams.ts'

/** Without an answer it waits until somebody comes. */
export const chargeOrder: ChargeOrder = async (request, payments) => {
  try {
    const { id, status } = await payments.charge(request)
    return status === 'captured' ? { status, chargeId: id } : { status }
  } catch {
    return await new Promise<never>(() => {})
  }
}
