// WRONG. Breaks: "neither is silence [a declined card]" and "at every attempt".
// When: two attempts in a row get no answer. The first silence is handled well (same key, send again), the second one
// falls back to `declined`, while payments may have executed either request: a charged customer of a rejected order.
// In the story each order loses one message only.

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

export const chargeOrder: ChargeOrder = async (request, payments) => {
  try {
    return outcomeOf(await payments.charge(request))
  } catch (error) {
    if (!isSilence(error)) throw error
  }
  try {
    // The same key: if payments has already charged, it returns that charge.
    return outcomeOf(await payments.charge(request))
  } catch (error) {
    if (!isSilence(error)) throw error
    return { status: 'declined' }
  }
}

function isSilence(error: unknown): boolean {
  return error instanceof PaymentsError && error.kind === 'no-answer'
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
