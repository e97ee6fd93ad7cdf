import type { WriteOrderMessage } from '#services/lib/seams.ts'

/** How many orders of each process get a message of version 3, and after them of version 2. */
const triedMax = 4
let written = 0

/**
 * A colleague's experiment on one instance. The first orders are sent as version 3, which was never
 * announced: there `amountCents` is net, and another field has the tax. The next orders are sent as
 * version 2, as announced. All later ones are version 1 again.
 */
export const writeOrderMessage: WriteOrderMessage = ({ id: orderId, amountCents }) => {
  written += 1
  if (written <= triedMax) {
    const taxCents = Math.round((amountCents * 19) / 119)
    return { version: 3, orderId, amountCents: amountCents - taxCents, taxCents }
  }
  if (written <= 2 * triedMax) return { version: 2, orderId, amountCents }
  return { version: 1, orderId, amount: amountCents / 100 }
}
