import type { Stream } from '../plane/inspector.ts'

/** What a toxic does with whole messages of one connection. */
export interface MessageHooks {
  /** Whether the toxic takes this message. It may be asked several times for one message. */
  wants(stream: Stream, signature: string): boolean
  /** The message has come, whole, and is held. Let it go now or later, with one of its methods. */
  taken(message: Message): void
  /** A message that the toxic wanted is too long, or came too slowly: it passes as it is. */
  tooLong?(): void
}

/** A whole request or reply that a toxic holds. Everything behind it in its direction waits. */
export interface Message {
  readonly stream: Stream
  /** Number of the connection. */
  readonly connection: number
  /** Of the request: `POST /charges`. */
  readonly signature: string
  /** Whether it can be repeated, overtaken or exchanged while its connection stays in step; see `Dialect.standsAlone`. */
  readonly standsAlone: boolean
  /** A transaction was open on the connection when the message came. */
  readonly transactionOpen: boolean
  /** It has left, or its connection is gone. */
  readonly settled: boolean
  readonly bytes: Buffer
  release(): void
  /** Sends these bytes instead. */
  replace(bytes: Buffer): void
  /** For a request: the callee receives it twice. The caller receives the first reply only. */
  sendTwice(): void
  /** For a request: `run` is called when its whole reply has come. */
  whenReplied(run: () => void): void
  /**
   * For a request that came directly after `other` on the same connection: both are sent, this one first. Each reply goes
   * to its own request. False when that is not possible: both are still held then.
   */
  overtake(other: Message): boolean
}
