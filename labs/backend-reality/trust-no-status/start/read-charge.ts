import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

/** Task: an order is paid only if payments has captured its charge. Change this file only. */
export const readCharge: ReadCharge = ({ status, body }) => {
  if (status >= 300) throw PaymentsError.refused(status, body)
  return body as Charge
}
