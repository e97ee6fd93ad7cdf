import type { ChargeOrder } from '#services/worker/seams.ts'

/** Without a response it waits forever: no timeout, no retry. */
export const chargeOrder: ChargeOrder = async (request, payments) => {
  try {
    const { id, status } = await payments.charge(request)
    return status === 'captured' ? { status, chargeId: id } : { status }
  } catch {
    return await new Promise<never>(() => {})
  }
}
