import type { Message } from '../../traps/message.ts'
import type { InspectorToxicContext } from './toxic-kind.ts'

/** A message that waits for a second one, with the toxic on its connection. */
export interface First {
  readonly message: Message
  touch(): void
  /** Lets it go before its time is over. */
  release(): void
}

/** The message that waits on a link; all connections of the link share it. */
export interface Pairing {
  first: First | undefined
}

type Context = Pick<
  InspectorToxicContext<{ readonly rate: number; readonly wait: number }>,
  'attributes' | 'random' | 'timers' | 'shared' | 'touch' | 'missed'
>

/**
 * Makes pairs of messages. The first one is held until `pair` accepts a second one, or until its time is over. `pair` lets
 * the second one go and calls `releaseFirst`, now or later. The end of its time also lets the first one go.
 */
export function takeInPairs(
  message: Message,
  context: Context,
  pair: (first: Message, second: Message, releaseFirst: () => void) => boolean,
): void {
  const pairing = context.shared((): Pairing => ({ first: undefined }))
  const { first } = pairing
  if (first !== undefined && !first.message.settled) {
    if (!pair(first.message, message, () => first.release())) {
      message.release()
      return
    }
    pairing.first = undefined
    // Its timer would keep its bytes until the end of its time.
    if (first.message.settled) first.release()
    first.touch()
    context.touch()
    return
  }
  const { rate, wait } = context.attributes
  if (context.random.next() >= rate) {
    message.release()
    return
  }
  const { timers } = context
  const own: First = {
    message,
    touch: () => context.touch(),
    release: () => {
      timer.cancel()
      message.release()
    },
  }
  pairing.first = own
  const timer = timers.at(timers.now() + wait, () => {
    if (pairing.first === own) {
      pairing.first = undefined
      if (!message.settled) context.missed(`no second message came within ${wait} ms`)
    }
    message.release()
  })
}
