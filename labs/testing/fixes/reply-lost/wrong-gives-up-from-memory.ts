// WRONG. Breaks: "It returns `captured` or `declined` only if payments' books have that charge."
// When: payments is silent for so long that one worker sees five attempts of an order without an answer. To keep
// "no order may wait forever" it then declines: the order is cancelled although a request may still be executed.
// The counter lives in memory, so a restart or the other worker starts at zero, and entries can stay for good.

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

const SILENCES_MAX = 5
const silences = new Map<string, number>()

export const chargeOrder: ChargeOrder = async (request, payments) => {
  const key = request.idempotencyKey
  try {
    const outcome = outcomeOf(await payments.charge(request))
    silences.delete(key)
    return outcome
  } catch (error) {
    if (!(error instanceof PaymentsError) || error.kind !== 'no-answer') throw error
    const charge = await payments.findCharge(key).catch(() => undefined)
    if (charge !== undefined) return outcomeOf(charge)
    const silent = (silences.get(key) ?? 0) + 1
    silences.set(key, silent)
    // Unknown: the queue retries. But an order must not wait for ever.
    if (silent < SILENCES_MAX) throw error
    silences.delete(key)
    return { status: 'declined' }
  }
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
