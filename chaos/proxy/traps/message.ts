import type { Stream } from '../plane/inspector.ts'
import type { Conversation } from './conversation.ts'
import type { Exchange } from './exchange.ts'
import type { Slot } from './outbox.ts'
import type { Side } from './side.ts'

/** What a toxic does with whole messages of one connection. */
export interface MessageHooks {
  /** Whether the toxic takes this message. It may be asked several times for one message. */
  wants(stream: Stream, signature: string): boolean
  /** The message has come, whole, and is held. Let it go now or later, with one of its methods. */
  taken(message: Message): void
  /** A reply that the toxic wanted is too long, or came too slowly: it passes as it is. */
  tooLong?(): void
}

/** A whole request or reply that a toxic holds. Everything behind it in its direction waits. */
export class Message {
  readonly stream: Stream
  /** Number of the connection. */
  readonly connection: number
  /** Of the request: `POST /charges`. */
  readonly signature: string
  /** Whether it can be repeated, overtaken or exchanged while its connection stays in step; see `Dialect.standsAlone`. */
  readonly standsAlone: boolean
  /** A transaction was open on the connection when the message came. */
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

  /** It has left, or its connection is gone. */
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

  /** Sends these bytes instead. */
  replace(bytes: Buffer): void {
    this.#slot.replace(bytes)
  }

  /** For a request: the callee receives it twice. The caller receives the first reply only. */
  sendTwice(): void {
    this.#slot.release()
    this.#side.outbox.inject(this.bytes)
    this.#conversation.expectCopy(this.#exchange)
  }

  /** For a request: `run` is called when its whole reply has come. */
  whenReplied(run: () => void): void {
    this.#exchange.whenReplied = run
  }

  /**
   * For a request that came directly after `other` on the same connection: both are sent, this one first. Each reply goes
   * to its own request. False when that is not possible: both are still held then.
   */
  overtake(other: Message): boolean {
    if (this.#conversation !== other.#conversation || this.settled || other.settled) return false
    if (!this.#conversation.mayReverse(other.#exchange, this.#exchange)) return false
    if (!this.#side.outbox.swapLast(other.#slot, this.#slot)) return false
    this.#conversation.reverse(other.#exchange, this.#exchange)
    this.release()
    other.release()
    return true
  }
}
