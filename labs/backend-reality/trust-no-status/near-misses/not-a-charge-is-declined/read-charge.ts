import { PaymentsError } from '#services/lib/payments-error.ts'
import { isChargeFor, parseCharge } from '#services/lib/payments/charge.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

/**
 * Plausible: it accepts only the charge of this request, and treats every other body as a declined
 * charge, so no order waits. Fails `books-balance`: payments captured some of these charges, and only
 * the response was wrong.
 */
export const readCharge: ReadCharge = ({ status, body }, request) => {
  if (status >= 300) throw PaymentsError.refused(status, body)
  const charge = parseCharge(body)
  if (charge !== undefined && isChargeFor(charge, request)) return charge
  const { orderId, idempotencyKey, amountCents } = request
  return { id: 'none', orderId, idempotencyKey, amountCents, status: 'declined' }
}
