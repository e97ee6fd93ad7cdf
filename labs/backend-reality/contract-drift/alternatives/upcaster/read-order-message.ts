import type { ReadOrderMessage } from '#services/worker/seams.ts'

type Message = Readonly<Record<string, unknown>>

/** Converts each version to the next one. The rest of the code knows the newest version only. */
const upcasts: ReadonlyMap<unknown, (message: Message) => Message> = new Map([
  [1, ({ orderId, amount }: Message) => ({ version: 2, orderId, amountCents: toCents(amount) })],
])
const newest = 2

/**
 * Right, by another design: it converts an old message step by step to the newest version, and
 * reads only that version. A message that it cannot convert is unreadable.
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
