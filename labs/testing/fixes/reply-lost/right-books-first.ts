// Right: every attempt looks into payments' books first and only charges when they have nothing. Every error of
// both calls is thrown; the queue retries, and the next attempt finds what the lost one did. If the lost request
// arrives between the look and the charge, payments has the same key and executes one of them.
import type { Charge } from '#services/lib/payments-client.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

export const chargeOrder: ChargeOrder = async (request, payments) => {
  const earlier = await payments.findCharge(request.idempotencyKey)
  return outcomeOf(earlier ?? (await payments.charge(request)))
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
