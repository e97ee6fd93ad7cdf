import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder } from '#services/worker/seams.ts'

/** Takes silence for a no: the charge may be executed anyway. */
export const chargeOrder: ChargeOrder = async (request, payments) => {
  try {
    const { id, status } = await payments.charge(request)
    return status === 'captured' ? { status, chargeId: id } : { status }
  } catch (error) {
    if (error instanceof PaymentsError && error.kind === 'no-answer') return { status: 'declined' }
    throw error
  }
}
