import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

/**
 * Plausible: the incident was a body with an `error`, so it looks for one. Fails `books-balance`: the
 * next wrong body has no such field. A charge of another order has none, and a page has no fields.
 */
export const readCharge: ReadCharge = ({ status, body }) => {
  if (status >= 300) throw PaymentsError.refused(status, body)
  const { error } = Object(body) as { readonly error?: unknown }
  if (error !== undefined) throw PaymentsError.noAnswer(new Error('payments reports an error'))
  return body as Charge
}
