// RIGHT. Compares every field by hand. It accepts an empty id, which is a text.

import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

export const readCharge: ReadCharge = ({ status, body }, request) => {
  if (status >= 400) throw PaymentsError.refused(status, body)
  const charge = body as Record<string, unknown> | null
  if (
    charge === null ||
    typeof charge !== 'object' ||
    typeof charge['id'] !== 'string' ||
    charge['orderId'] !== request.orderId ||
    charge['idempotencyKey'] !== request.idempotencyKey ||
    charge['amountCents'] !== request.amountCents ||
    (charge['status'] !== 'captured' && charge['status'] !== 'declined')
  )
    throw PaymentsError.noAnswer(new Error('not a charge'))
  const { orderId, idempotencyKey, amountCents } = request
  return { id: charge['id'], orderId, idempotencyKey, amountCents, status: charge['status'] }
}
