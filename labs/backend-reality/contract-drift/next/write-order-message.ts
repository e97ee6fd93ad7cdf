import type { WriteOrderMessage } from '#services/lib/seams.ts'

/** How many orders of each process get a message of version 3, and after them of version 2. */
const triedMax = 4
let written = 0

/**
 * Somebody else's try of tomorrow on one instance. Its first orders go out as version 3, of which nobody was told:
 * `amountCents` is net there, and the tax stands beside it. The next ones are version 2, as announced. Then it is over.
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
