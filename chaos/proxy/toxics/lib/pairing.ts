import type { Message } from '../../traps/message.ts'
import type { InspectorToxicContext } from './toxic-kind.ts'

/** A message that waits for a second one, with the toxic on its connection. */
export interface First {
  readonly message: Message
  touch(): void
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
 * the second one go and decides when the first one goes; later than the end of its time is not possible.
 */
export function takeInPairs(
  message: Message,
  context: Context,
  pair: (first: Message, second: Message) => boolean,
): void {
  const pairing = context.shared((): Pairing => ({ first: undefined }))
  const { first } = pairing
  if (first !== undefined && !first.message.settled) {
    if (!pair(first.message, message)) {
      message.release()
      return
    }
    pairing.first = undefined
    first.touch()
    context.touch()
    return
  }
  const { rate, wait } = context.attributes
  if (context.random.next() >= rate) {
    message.release()
    return
  }
  const own: First = { message, touch: () => context.touch() }
  pairing.first = own
  const { timers } = context
  timers.at(timers.now() + wait, () => {
    if (pairing.first === own) {
      pairing.first = undefined
      if (!message.settled) context.missed(`no second message came within ${wait} ms`)
    }
    message.release()
  })
}
