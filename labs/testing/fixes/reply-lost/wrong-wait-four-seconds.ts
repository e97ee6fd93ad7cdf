// WRONG. Breaks: "While the result is unknown, it throws."
// When: a request is delayed for longer than the README's "more than two seconds" (3.2 s), e.g. by ten. The books
// are polled for four seconds after the timeout, then a missing charge counts as declined; the customer of the
// cancelled order is charged afterwards. The story's five orders all end well.

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

const POLLS = 8
const POLL_MS = 500

export const chargeOrder: ChargeOrder = async (request, payments) => {
  try {
    return outcomeOf(await payments.charge(request))
  } catch (error) {
    if (!(error instanceof PaymentsError) || error.kind !== 'no-answer') throw error
    // A late request needs a little more than two seconds. Give it twice that.
    for (let poll = 1; poll <= POLLS; poll++) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      const charge = await payments.findCharge(request.idempotencyKey)
      if (charge !== undefined) return outcomeOf(charge)
    }
    return { status: 'declined' }
  }
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
