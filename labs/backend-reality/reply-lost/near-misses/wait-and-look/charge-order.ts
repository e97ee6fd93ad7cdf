import { setTimeout as sleep } from 'node:timers/promises'

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

const looksMax = 6
const betweenLooksMs = 300

/**
 * Plausible: the request may be late, so it reads the books for a while before it declines. Fails
 * `books-balance`: no time is long enough, because the network guarantees no longest delay. A
 * missing charge stays unknown, however often it is read.
 */
export const chargeOrder: ChargeOrder = async (request, payments) => {
  try {
    return outcomeOf(await payments.charge(request))
  } catch (error) {
    if (!(error instanceof PaymentsError) || error.kind !== 'no-answer') throw error
    for (let look = 1; look <= looksMax; look++) {
      const charge = await payments.findCharge(request.idempotencyKey)
      if (charge !== undefined) return outcomeOf(charge)
      if (look < looksMax) await sleep(betweenLooksMs)
    }
    return { status: 'declined' }
  }
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
