import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

/** How many requests it sends before it returns the job to the queue. */
const attemptsMax = 3

/**
 * Plausible: without a response it sends the request again, under another key, because the first
 * request may be stuck. Fails `charged-at-most-once`: payments recognises a repeated charge by its
 * key.
 */
export const chargeOrder: ChargeOrder = async (request, payments) => {
  for (let attempt = 1; ; attempt++) {
    const idempotencyKey = `${request.idempotencyKey}:${attempt}`
    try {
      return outcomeOf(await payments.charge({ ...request, idempotencyKey }))
    } catch (error) {
      if (!(error instanceof PaymentsError) || error.kind !== 'no-answer') throw error
      if (attempt === attemptsMax) throw error
    }
  }
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
