import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

/**
 * Plausible: most requests without an answer are carried out after all, and a customer who has paid must not be turned away.
 * Fails `books-balance`: a request that never arrived is a sale that nobody pays for.
 */
export const chargeOrder: ChargeOrder = async (request, payments) => {
  try {
    return outcomeOf(await payments.charge(request))
  } catch (error) {
    if (!(error instanceof PaymentsError) || error.kind !== 'no-answer') throw error
    return { status: 'captured', chargeId: 'unknown' }
  }
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
