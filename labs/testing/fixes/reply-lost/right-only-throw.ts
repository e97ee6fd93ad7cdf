// RIGHT. Every error means "unknown" or "not now", so every error goes to the queue, which retries with the same key.
// Payments executes one charge per key and returns it to every later attempt, so the retry is the read-back.
// Nothing but a line of payments' books becomes an outcome.

import type { Charge } from '#services/lib/payments-client.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

export const chargeOrder: ChargeOrder = async (request, payments) =>
  outcomeOf(await payments.charge(request))

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
