// Breaks "The key is the same for every attempt of one order, on every worker". The attempt after a refusal has another
// key. Its response is lost, and the next attempt of the queue charges under the first key.
import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

export const chargeOrder: ChargeOrder = async (request, payments) => {
  try {
    return outcomeOf(await payments.charge(request))
  } catch (error) {
    if (!(error instanceof PaymentsError)) throw error
    if (error.kind === 'overloaded') {
      // Refused, so it had no effect. A new request gets a new key: payments could repeat the
      // refusal for the old one.
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
