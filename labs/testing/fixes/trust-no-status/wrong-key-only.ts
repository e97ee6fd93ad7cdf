// WRONG. Breaks "It never returns a charge if a field is missing, has another type or another value than the request."
// When: the key is right and the rest is not: no id, another amount, the status `pending`.

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

export const readCharge: ReadCharge = ({ status, body }, request) => {
  if (status >= 300) throw PaymentsError.refused(status, body)
  const charge = Object(body) as Charge
  if (charge.idempotencyKey !== request.idempotencyKey)
    throw PaymentsError.noAnswer(new Error('This is the charge of another request.'))
  return charge
}
