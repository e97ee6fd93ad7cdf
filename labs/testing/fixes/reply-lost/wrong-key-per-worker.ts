// WRONG. Breaks: "The key is the same for every attempt of one order, on every worker."
// When: the reply to worker-1 is lost (or it dies after the charge) and worker-2 gets the retry, or worker-1 was
// restarted in between. Each process has its own key, so payments charges the order again: the customer pays twice.
// If the same process repeats the attempt, all is well.

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

/** Makes the requests of this worker recognisable in payments' books. */
const WORKER = `${process.env['HOSTNAME'] ?? 'worker'}-${process.pid}`

export const chargeOrder: ChargeOrder = async (request, payments) => {
  const idempotencyKey = `${request.idempotencyKey}:${WORKER}`
  try {
    return outcomeOf(await payments.charge({ ...request, idempotencyKey }))
  } catch (error) {
    if (!(error instanceof PaymentsError) || error.kind !== 'no-answer') throw error
    const charge = await payments.findCharge(idempotencyKey)
    if (charge === undefined) throw error
    return outcomeOf(charge)
  }
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
