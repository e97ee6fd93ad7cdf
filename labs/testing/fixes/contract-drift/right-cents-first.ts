// Right: expand with a field of another name. The reader takes the cents if they are there and agree with the old field,
// otherwise version 1 by its old field alone: an amount that is not cents / 100 for any whole number of cents
// (12.345) is not an amount, and is not rounded silently. Nothing throws; versions other than 1 and 2 are unreadable.
import type { WriteOrderMessage } from '#services/lib/seams.ts'
import type { ReadOrderMessage } from '#services/worker/seams.ts'

export const writeOrderMessage: WriteOrderMessage = ({ id, amountCents }) => ({
  version: 1,
  orderId: id,
  amount: amountCents / 100,
  totalInCents: amountCents,
})

const isCents = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const centsOfMajor = (amount: unknown): number | undefined => {
  if (typeof amount !== 'number') return undefined
  const cents = Math.round(amount * 100)
  return isCents(cents) && cents / 100 === amount ? cents : undefined
}

export const readOrderMessage: ReadOrderMessage = (message) => {
  const fields = (typeof message === 'object' ? (message ?? {}) : {}) as Readonly<Record<string, unknown>>
  const { orderId } = fields
  if (fields.version !== 1 && fields.version !== 2)
    return { unreadable: `unknown message version (${typeof fields.version})` }
  if (typeof orderId !== 'string' || orderId === '') return { unreadable: 'message without order' }
  if (fields.version === 2)
    return isCents(fields.amountCents)
      ? { orderId, amountCents: fields.amountCents }
      : { unreadable: 'message without amount' }
  if (isCents(fields.totalInCents) && fields.totalInCents / 100 === fields.amount)
    return { orderId, amountCents: fields.totalInCents }
  const cents = centsOfMajor(fields.amount)
  return cents === undefined ? { unreadable: 'message without amount' } : { orderId, amountCents: cents }
}
