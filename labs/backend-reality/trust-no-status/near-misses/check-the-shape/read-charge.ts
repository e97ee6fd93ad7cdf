import { PaymentsError } from '#services/lib/payments-error.ts'
import { parseCharge } from '#services/lib/payments/charge.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

/**
 * Plausible: it validates the whole body against the schema of a charge. Fails `books-balance`: the
 * charge of another order has the right shape too.
 */
export const readCharge: ReadCharge = ({ status, body }) => {
  if (status >= 300) throw PaymentsError.refused(status, body)
  const charge = parseCharge(body)
  if (charge === undefined) throw PaymentsError.noAnswer(new Error('The body is not a charge.'))
  return charge
}
