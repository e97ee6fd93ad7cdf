// RIGHT. After any failed attempt the books are read once: a charge that is there decides, also if it is declined.
// If it is not there (it may still come), or the books cannot be read either, the original error is thrown and the
// queue retries the job with the same key. No path invents an outcome.

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

export const chargeOrder: ChargeOrder = async (request, payments) => {
  try {
    return outcomeOf(await payments.charge(request))
  } catch (error) {
    if (!(error instanceof PaymentsError)) throw error
    let charge: Charge | undefined
    try {
      charge = await payments.findCharge(request.idempotencyKey)
    } catch {
      // The first error is the one that the operator should see.
    }
    if (charge === undefined) throw error
    return outcomeOf(charge)
  }
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
