// Breaks "The key is the same for every attempt of one order, on every worker". The response to one worker is lost, and
// another worker retries the job under its own key. A retry on the same worker works.
import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

/** Marks the requests of this worker in payments' books. */
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
