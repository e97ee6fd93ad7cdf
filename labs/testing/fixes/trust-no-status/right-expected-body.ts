// RIGHT. It writes down the two bodies that would prove the charge, and compares the whole answer with them.

import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

export const readCharge: ReadCharge = ({ status, body }, request) => {
  if (status < 300 && typeof body === 'object' && body !== null && 'id' in body) {
    const { id } = body
    const { customer: _customer, ...ours } = request
    for (const result of ['captured', 'declined'] as const) {
      const expected = { ...ours, status: result }
      const isOurs = Object.entries(expected).every(
        ([field, value]) => (body as Record<string, unknown>)[field] === value,
      )
      if (isOurs && typeof id === 'string' && id.length > 0) return { ...expected, id }
    }
  }
  if (status >= 400 && status !== 408) throw PaymentsError.refused(status, body)
  throw PaymentsError.noAnswer(new Error(`Status ${status} proves nothing.`))
}
