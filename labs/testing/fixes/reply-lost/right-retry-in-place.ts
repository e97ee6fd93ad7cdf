// RIGHT. A short retry in place, then the queue: after silence or overload the same request (same key, so payments
// charges at most once) is sent one more time after a short random pause. Every further error is thrown; the queue
// retries with its own backoff and limit. Only an answer of payments becomes an outcome.

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

const ATTEMPTS = 2
const PAUSE_MS = 100

export const chargeOrder: ChargeOrder = async (request, payments) => {
  for (let attempt = 1; ; attempt++) {
    try {
      return outcomeOf(await payments.charge(request))
    } catch (error) {
      const temporary = error instanceof PaymentsError && error.kind !== 'refused'
      if (!temporary || attempt >= ATTEMPTS) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (1 + Math.random())))
    }
  }
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
