import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'

import type { ChargeOrder, ChargeOutcome } from '../seams.ts'

/**
 * No answer is not a no: the charge may have been made, or be made yet. What payments has in its books under our key
 * decides. If it has nothing (yet), nobody knows; asking again under the same key is safe.
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
