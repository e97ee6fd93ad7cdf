// Right: the amount in cents is in a nested object `total` (a field of our choice) beside the old field, so that the
// currency can follow without another migration. The reader is a table with one decoder per version; a version without
// a decoder is unreadable. Parsing goes through the decimal text, not through a multiplication of floats.
import type { WriteOrderMessage } from '#services/lib/seams.ts'
import type { ReadOrderMessage } from '#services/worker/seams.ts'

export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  amount: order.amountCents / 100,
  total: { amountCents: order.amountCents },
})

type Fields = Readonly<Record<string, unknown>>

/** "12.5" is 1250. Undefined if the text is not a plain amount with at most two decimals. */
const centsOfDecimal = (text: string): number | undefined => {
  const match = /^(\d+)(?:\.(\d{1,2}))?$/.exec(text)
  if (match === null) return undefined
  const cents = Number(`${match[1] ?? ''}${(match[2] ?? '').padEnd(2, '0')}`)
  return Number.isSafeInteger(cents) ? cents : undefined
}

const amountOf = new Map<unknown, (fields: Fields) => number | undefined>([
  [1, ({ amount }) => (typeof amount === 'number' ? centsOfDecimal(String(amount)) : undefined)],
  [
    2,
    ({ amountCents }) =>
      typeof amountCents === 'number' && Number.isSafeInteger(amountCents) && amountCents >= 0
        ? amountCents
        : undefined,
  ],
])

export const readOrderMessage: ReadOrderMessage = (message) => {
  if (typeof message !== 'object' || message === null) return { unreadable: 'not a message' }
  const fields = message as Fields
  const { version, orderId } = fields
  const amountCents = amountOf.get(version)
  if (amountCents === undefined)
    return { unreadable: typeof version === 'number' ? `message version ${version}` : 'message without version' }
  if (typeof orderId !== 'string' || orderId === '') return { unreadable: 'message without order' }
  const cents = amountCents(fields)
  return cents === undefined ? { unreadable: 'message without amount' } : { orderId, amountCents: cents }
}
