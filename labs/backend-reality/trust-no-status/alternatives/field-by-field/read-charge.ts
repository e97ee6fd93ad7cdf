import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

/**
 * Right, by another design: no schema. It compares each field with the request, and builds the charge
 * from the request. From the body it takes only what it cannot know: the id and the result.
 */
export const readCharge: ReadCharge = ({ status, body }, request) => {
  if (status >= 300) throw PaymentsError.refused(status, body)
  const { orderId, amountCents, idempotencyKey } = request
  const { id, status: result, ...rest } = Object(body) as Readonly<Record<string, unknown>>
  const isOurs =
    rest['orderId'] === orderId &&
    rest['amountCents'] === amountCents &&
    rest['idempotencyKey'] === idempotencyKey
  if (!isOurs || typeof id !== 'string' || id === '') throw unknown(status)
  if (result !== 'captured' && result !== 'declined') throw unknown(status)
  return { id, orderId, idempotencyKey, amountCents, status: result }
}

function unknown(status: number): PaymentsError {
  return PaymentsError.noAnswer(new Error(`Status ${status} without the charge of this request.`))
}
