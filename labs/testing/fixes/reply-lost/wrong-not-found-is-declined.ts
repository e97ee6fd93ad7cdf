// WRONG. Breaks: "It returns `captured` or `declined` only if payments' books have that charge."
// When: the request is still on its way when the books are read (the late request). "Not found" means "not yet",
// but it is reported as declined: the order is rejected for good, and two seconds later the customer is charged.
// Lost replies are handled well.

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

export const chargeOrder: ChargeOrder = async (request, payments) => {
  try {
    return outcomeOf(await payments.charge(request))
  } catch (error) {
    if (!(error instanceof PaymentsError) || error.kind !== 'no-answer') throw error
    // No answer: payments' books know what happened.
    const charge = await payments.findCharge(request.idempotencyKey)
    return charge === undefined ? { status: 'declined' } : outcomeOf(charge)
  }
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
