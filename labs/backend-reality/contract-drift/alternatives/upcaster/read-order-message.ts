import type { ReadOrderMessage } from '#services/worker/seams.ts'

type Message = Readonly<Record<string, unknown>>

/** How each version becomes the next one. The newest is the only one that the rest of the code has to know. */
const upcasts: ReadonlyMap<unknown, (message: Message) => Message> = new Map([
  [1, ({ orderId, amount }: Message) => ({ version: 2, orderId, amountCents: toCents(amount) })],
])
const newest = 2

/**
 * Right, by another design: old messages are lifted, version by version, until they look like new ones, and one reader
 * reads those. What cannot be lifted to the newest version is not read at all.
 */
export const readOrderMessage: ReadOrderMessage = (message) => {
  let current = message as Message
  for (let lift = upcasts.get(current['version']); lift !== undefined;) {
    current = lift(current)
    lift = upcasts.get(current['version'])
  }
  const { version, orderId, amountCents } = current
  if (version !== newest) return { unreadable: `message version ${String(version)}` }
  if (typeof orderId !== 'string' || !Number.isSafeInteger(amountCents))
    return { unreadable: 'message without order or amount' }
  return { orderId, amountCents: Number(amountCents) }
}

function toCents(amount: unknown): number | undefined {
  return typeof amount === 'number' ? Math.round(amount * 100) : undefined
}
