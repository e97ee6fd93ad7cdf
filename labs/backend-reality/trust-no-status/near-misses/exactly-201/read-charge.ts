import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

/**
 * Plausible: payments answers 201 to a charge, so any other status is not its answer. Fails
 * `books-balance`: whatever answers instead of payments can send a 201 as well.
 */
export const readCharge: ReadCharge = ({ status, body }) => {
  if (status >= 300) throw PaymentsError.refused(status, body)
  if (status !== 201) throw PaymentsError.noAnswer(new Error(`Status ${status} instead of 201.`))
  return body as Charge
}
