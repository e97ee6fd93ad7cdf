// Breaks: "The key is the same for every attempt of one order, on every worker."
// When: the reply is lost just before the full hour and the retry (or the reconciler's, after an outage) comes after
// it, or the clocks of two workers disagree: the second attempt has another key and the customer pays twice.
// The rest of the shop also finds no charge under the order's own key.
import type { Charge } from '#services/lib/payments-client.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

export const chargeOrder: ChargeOrder = async (request, payments) => {
  // Payment providers forget idempotency keys after a day; a retry comes within minutes.
  const hour = new Date().toISOString().slice(0, 13)
  const idempotencyKey = `${request.idempotencyKey}:${hour}`
  // Any error is thrown: the queue retries the job.
  const earlier = await payments.findCharge(idempotencyKey)
  return outcomeOf(earlier ?? (await payments.charge({ ...request, idempotencyKey })))
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
