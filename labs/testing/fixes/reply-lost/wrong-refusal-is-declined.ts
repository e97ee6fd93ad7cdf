// WRONG. Breaks: "A refusal because of overload is not a declined card, and neither is silence."
// When: payments answers with an error status: 503 because it is overloaded, or a 500. That is taken for a definite
// no, so the order is rejected although nobody looked at the card (and after an earlier attempt without an answer
// the customer may even have been charged). Only `no-answer`, the story's case, is treated as unknown.

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

export const chargeOrder: ChargeOrder = async (request, payments) => {
  try {
    return outcomeOf(await payments.charge(request))
  } catch (error) {
    if (!(error instanceof PaymentsError)) throw error
    // Payments answered, and it was not a charge.
    if (error.kind !== 'no-answer') return { status: 'declined' }
    // Payments did not answer: read back, and if the charge is not there (yet), let the queue retry.
    const charge = await payments.findCharge(request.idempotencyKey)
    if (charge === undefined) throw error
    return outcomeOf(charge)
  }
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
