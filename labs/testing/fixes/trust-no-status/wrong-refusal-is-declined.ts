// WRONG. Breaks "A refusal is never a charge: neither captured nor declined."
// When: payments refuses a request (422, 429). No card was declined, but the order is rejected.

import { isChargeFor, parseCharge } from '#services/lib/payments/charge.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

export const readCharge: ReadCharge = ({ status, body }, request) => {
  if (status >= 400 && status < 500) {
    const { orderId, amountCents, idempotencyKey } = request
    return { id: 'refused', orderId, amountCents, idempotencyKey, status: 'declined' }
  }
  if (status >= 300) throw PaymentsError.refused(status, body)
  const charge = parseCharge(body)
  if (charge !== undefined && isChargeFor(charge, request)) return charge
  throw PaymentsError.noAnswer(new Error('This is not our charge.'))
}
