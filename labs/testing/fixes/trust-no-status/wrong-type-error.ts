// WRONG. Breaks "For everything else it throws a `PaymentsError`, and no other error."
// When: the body is `null`. The destructuring throws a TypeError, so `charge-order` does not look the charge up, and
// after the last attempt the order is set aside although payments may have captured the charge.

import { PaymentsError } from '#services/lib/payments-error.ts'
import type { Charge } from '#services/lib/payments-client.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

export const readCharge: ReadCharge = ({ status, body }, request) => {
  if (status >= 300) throw PaymentsError.refused(status, body)
  const { id, orderId, amountCents, idempotencyKey, status: result } = body as Charge
  if (
    typeof id !== 'string' ||
    id === '' ||
    orderId !== request.orderId ||
    amountCents !== request.amountCents ||
    idempotencyKey !== request.idempotencyKey ||
    (result !== 'captured' && result !== 'declined')
  )
    throw PaymentsError.noAnswer(new Error('This is not our charge.'))
  return { id, orderId, amountCents, idempotencyKey, status: result }
}
