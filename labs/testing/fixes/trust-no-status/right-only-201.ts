// RIGHT. Stricter than it must be: payments answers 201, so another status is an unknown outcome too. What decides is
// the comparison with the request.

import { isChargeFor, parseCharge } from '#services/lib/payments/charge.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

export const readCharge: ReadCharge = ({ status, headers, body }, request) => {
  const isJson = String(headers['content-type']).startsWith('application/json')
  const charge = status === 201 && isJson ? parseCharge(body) : undefined
  if (charge !== undefined && isChargeFor(charge, request)) return charge
  throw PaymentsError.noAnswer(new Error(`Status ${status} without our charge.`))
}
