import { throwIfRefused } from '#services/lib/payments-client.ts'
import type { Charge } from '#services/lib/payments/charge.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

/** A success status means that payments executed the charge, unless the body says that it was declined. */
export const readCharge: ReadCharge = (answer, request) => {
  throwIfRefused(answer)
  const body = answer.body as Partial<Charge>
  const id = body.id ?? request.idempotencyKey
  return { ...request, id, status: body.status === 'declined' ? 'declined' : 'captured' }
}
