import type { Stream } from '../plane/inspector.ts'
import type { Conversation } from './conversation.ts'
import type { Exchange } from './exchange.ts'
import type { Message } from './message.ts'
import type { Slot } from './outbox.ts'
import type { Side } from './side.ts'

/** A {@link Message} in the outbox of its side. */
export class TakenMessage implements Message {
  readonly stream: Stream
  readonly connection: number
  readonly signature: string
  readonly standsAlone: boolean
  readonly transactionOpen: boolean
  readonly #exchange: Exchange
  readonly #conversation: Conversation
  readonly #side: Side
  readonly #slot: Slot
  readonly #parts: readonly Buffer[]
  #bytes: Buffer | undefined

  constructor(
    exchange: Exchange,
    parts: readonly Buffer[],
    side: Side,
    conversation: Conversation,
    connection: number,
  ) {
    this.stream = side.stream
    this.connection = connection
    this.signature = exchange.signature
    this.standsAlone = conversation.dialect.standsAlone(exchange.signature)
    this.transactionOpen = conversation.dialect.transactionOpen
    this.#exchange = exchange
    this.#conversation = conversation
    this.#side = side
    this.#parts = parts
    this.#slot = side.outbox.reserve(parts)
  }

  get settled(): boolean {
    return this.#slot.settled
  }

  get bytes(): Buffer {
    this.#bytes ??= Buffer.concat(this.#parts)
    return this.#bytes
  }

  release(): void {
    this.#slot.release()
  }

  replace(bytes: Buffer): void {
    this.#slot.replace(bytes)
  }

  sendTwice(): void {
    this.#slot.release()
    this.#side.outbox.inject(this.bytes)
    this.#conversation.expectCopy(this.#exchange)
  }

  whenReplied(run: () => void): void {
    this.#exchange.whenReplied = run
  }

  overtake(other: Message): boolean {
    if (!(other instanceof TakenMessage) || this.#conversation !== other.#conversation) return false
    if (this.settled || other.settled) return false
    if (!this.#conversation.mayReverse(other.#exchange, this.#exchange)) return false
    if (!this.#side.outbox.swapLast(other.#slot, this.#slot)) return false
    this.#conversation.reverse(other.#exchange, this.#exchange)
    this.release()
    other.release()
    return true
  }
}

/**
 * Sends the reply to a request that overtook another one, or was overtaken, in the caller's sequence. False for every other
 * reply.
 */
export function sendInTurn(exchange: Exchange, side: Side, parts: readonly Buffer[]): boolean {
  if (exchange.turn !== undefined) {
    exchange.turn.fill(parts)
    return true
  }
  if (side.stream !== 'downstream' || exchange.overtook === undefined) return false
  exchange.overtook.turn = side.outbox.reserve([])
  side.outbox.reserve(parts).release()
  return true
}
