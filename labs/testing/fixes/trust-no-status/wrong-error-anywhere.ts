// WRONG. Breaks "It never returns a charge if a field is missing, has another type or another value than the request."
// When: the body has no word that sounds like an error: `{ "ok": false }`, an empty body, or the charge of another order.

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

export const readCharge: ReadCharge = ({ status, body }) => {
  if (status >= 300) throw PaymentsError.refused(status, body)
  if (/error|unavailable|timeout|<html/i.test(JSON.stringify(body)))
    throw PaymentsError.noAnswer(new Error('The body reports an error.'))
  return body as Charge
}
