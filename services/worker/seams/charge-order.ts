import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'

import type { ChargeOrder, ChargeOutcome } from '../seams.ts'

/**
 * No response does not mean no effect: the charge may be executed already, or later. What payments'
 * books contain under our key decides. If they contain nothing (yet), the outcome is unknown, and a
 * retry under the same key is safe.
 */
export const chargeOrder: ChargeOrder = async (request, payments) => {
  try {
    return outcomeOf(await payments.charge(request))
  } catch (error) {
    if (!(error instanceof PaymentsError) || error.kind !== 'no-answer') throw error
    const charge = await payments.findCharge(request.idempotencyKey)
    if (charge === undefined) throw error
    return outcomeOf(charge)
  }
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
