// WRONG. Breaks "It never returns a charge if a field is missing, has another type or another value than the request."
// When: the charge of this request has a status that is new: `pending` becomes `captured`.

import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

export const readCharge: ReadCharge = ({ status, body }, request) => {
  if (status >= 300) throw PaymentsError.refused(status, body)
  const { id, status: result, ...rest } = Object(body) as Record<string, unknown>
  const { orderId, amountCents, idempotencyKey } = request
  const isOurs =
    typeof id === 'string' &&
    id !== '' &&
    rest['orderId'] === orderId &&
    rest['amountCents'] === amountCents &&
    rest['idempotencyKey'] === idempotencyKey
  if (!isOurs) throw PaymentsError.noAnswer(new Error('This is not our charge.'))
  const status2 = result === 'declined' ? 'declined' : 'captured'
  return { id, orderId, idempotencyKey, amountCents, status: status2 }
}
