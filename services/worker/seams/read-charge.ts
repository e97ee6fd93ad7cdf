import { throwIfRefused, unreadable } from '#services/lib/payments-client.ts'
import { isChargeFor, parseCharge } from '#services/lib/payments/charge.ts'

import type { ReadCharge } from '../seams.ts'

/**
 * A status says how the transport ended, and any process on the way can set it. Only a body that is
 * the charge of this request proves that payments executed it. Whatever else arrives, payments may
 * have charged or not: the outcome is unknown, and a retry under the same key is safe.
 */
export const readCharge: ReadCharge = (answer, request) => {
  throwIfRefused(answer)
  const charge = parseCharge(answer.body)
  if (charge !== undefined && isChargeFor(charge, request)) return charge
  throw unreadable(answer, 'the charge that was requested')
}
