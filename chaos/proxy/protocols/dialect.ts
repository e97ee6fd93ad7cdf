import type { Framer } from './framer.ts'

/** What a dialect makes of a request unit. */
export interface Described {
  /** Readable and the same in every run: `COMMIT`, `INSERT orders`, `POST /charges`, `bullmq addJob`. */
  readonly signature: string
  /** `nothing`: nobody answers it. `opaque`: from here on, messages cannot be paired any more. */
  readonly expects: 'reply' | 'nothing' | 'opaque'
}

/**
 * One protocol on one connection: finds units in both directions and says what they are. Holds the little state that
 * this takes (prepared statements, an open transaction), and nothing of traps or taps.
 */
export interface Dialect {
  readonly requests: Framer
  readonly replies: Framer
  /** A transaction is open on this connection: what it carried so far belongs to what comes. */
  readonly transactionOpen: boolean
  /** What the next requests carry may belong to the transaction of this one. */
  readonly remembers: boolean
  /** A part of a request that ends with {@link Framer.urgent} is named anew when the rest has come. */
  readonly comesInParts: boolean
  /** Called once per request unit, with as much of it as is known when it must be named. */
  describe(head: Buffer): Described
  /** The next reply unit answers a request with this signature. */
  beginReply(signature: string): void
  /**
   * A reply unit has ended. `answer`: the oldest request has its reply. `push`: it answers nothing. `more`: it is an
   * answer, and the server now waits for data that it will answer again. `opaque`: nothing behind can be read.
   */
  endReply(): 'answer' | 'push' | 'more' | 'opaque'
  /** The server has closed. Whether that ended a reply. */
  finishReply(): boolean
  /** A request unit that begins with this byte is the data that the server waits for after `more`. */
  continues(first: number): boolean
  /** Bytes that arrive while no request is open can be parsed as units of their own. */
  readonly speaksUnasked: boolean
  /** Bytes of the current reply's body so far, where the protocol tells a body from a head; else 0. */
  readonly replyBodyBytes: number
  /** Short and readable, for people who watch. */
  summarise(part: 'request' | 'reply', head: Buffer): string
  /** Of a reply: `201`, `INSERT 0 1`, `ERROR 23505`, `OK`. */
  statusOf(head: Buffer): string
  /** The protocol's own way of saying no. Throws an InputError when the text says nothing that it could send. */
  errorReply(text: string): Buffer
}

/** At most this much of a unit is looked at for its name, its summary and its transaction. */
export const headMax = 64 * 1024

const excerptMax = 160

/** One line without control characters, cut to a readable length. */
export function excerpt(text: string, max = excerptMax): string {
  // oxlint-disable-next-line no-control-regex
  const line = text.replaceAll(/[\s\u0000-\u001f\u007f]+/g, ' ').trim()
  return line.length <= max ? line : `${line.slice(0, max - 3)}...`
}
