// WRONG. Breaks: "The key is the same for every attempt of one order, on every worker." (charged twice)
// When: payments is overloaded. The attempt after the refusal uses another key; if its reply gets lost, or the
// worker dies before it records the charge, the queue's next attempt charges with the first key: two captured
// charges for one order. Timeouts (the story) are handled with the right key.

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

export const chargeOrder: ChargeOrder = async (request, payments) => {
  try {
    return outcomeOf(await payments.charge(request))
  } catch (error) {
    if (!(error instanceof PaymentsError)) throw error
    if (error.kind === 'overloaded') {
      // Refused before it did anything. A new request needs a new key, else payments would replay
      // the refusal.
      await new Promise((resolve) => setTimeout(resolve, 200))
      const again = { ...request, idempotencyKey: `${request.idempotencyKey}:again` }
      return outcomeOf(await payments.charge(again))
    }
    if (error.kind === 'no-answer') {
      const charge = await payments.findCharge(request.idempotencyKey)
      if (charge !== undefined) return outcomeOf(charge)
    }
    throw error
  }
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
