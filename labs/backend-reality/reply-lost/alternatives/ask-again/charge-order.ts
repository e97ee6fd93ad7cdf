import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

/**
 * Right, by another design: nobody looks, everybody asks. Payments makes one charge per key, so the same question again
 * gets the answer that was lost. If that is lost as well, the job is tried again, and asks under the same key.
 */
export const chargeOrder: ChargeOrder = async (request, payments) => {
  try {
    return outcomeOf(await payments.charge(request))
  } catch (error) {
    if (!(error instanceof PaymentsError) || error.kind !== 'no-answer') throw error
    return outcomeOf(await payments.charge(request))
  }
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
