import type { Framer } from './framer.ts'

/** The description of a request unit. */
export interface Described {
  /** Readable, and the same in every run: `COMMIT`, `INSERT orders`, `POST /charges`, `bullmq addJob`. */
  readonly signature: string
  /** `nothing`: it gets no reply. `opaque`: from here on, requests and replies cannot be paired. */
  readonly expects: 'reply' | 'nothing' | 'opaque'
}

/**
 * One protocol on one connection: finds units in both directions and describes them. It holds the state that this needs
 * (prepared statements, an open transaction). It contains nothing about traps or taps.
 */
export interface Dialect {
  readonly requests: Framer
  readonly replies: Framer
  /** A transaction is open on this connection: later messages belong to the same business transactions. */
  readonly transactionOpen: boolean
  /** Later requests may belong to the business transactions of this one. */
  readonly remembers: boolean
  /** A request that has an {@link Framer.urgent} part is named again when the rest has come. */
  readonly comesInParts: boolean
  /** Called once for each request unit, with the bytes that have come when it must be named. */
  describe(head: Buffer): Described
  /** The next reply unit answers a request with this signature. */
  beginReply(signature: string): void
  /**
   * A reply unit has ended. `answer`: the oldest request has its reply. `push`: it is not a reply to a request. `more`: it
   * is a reply, and the server now waits for data to which it will reply again. `opaque`: later bytes cannot be read.
   */
  endReply(): 'answer' | 'push' | 'more' | 'opaque'
  /** The server has closed. Returns whether that ended a reply. */
  finishReply(): boolean
  /** Whether a request unit that begins with this byte is the data that the server waits for after `more`. */
  continues(first: number): boolean
  /** Bytes that arrive while no request is open can be parsed as units. */
  readonly speaksUnasked: boolean
  /** Bytes of the current reply's body so far, where the protocol tells a body from a head; else 0. */
  readonly replyBodyBytes: number
  /** Two requests of one connection may be executed in reverse sequence. */
  readonly requestsAreIndependent: boolean
  /**
   * Whether an exchange with this signature can be repeated, overtaken or given another reply, now, while its connection
   * stays in step. False for what sets up or ends a connection.
   */
  standsAlone(signature: string): boolean
  /** A short, readable excerpt for users. */
  summarise(part: 'request' | 'reply', head: Buffer): string
  /** The status of a reply: `201`, `INSERT 0 1`, `ERROR 23505`, `OK`. */
  statusOf(head: Buffer): string
  /** An error in the protocol's own form. Throws an InputError when the text does not describe one. */
  errorReply(text: string): Buffer
}

/** At most this much of a unit is read for its name, its summary and its transactions. */
export const headMax = 64 * 1024

const excerptMax = 160

/** One line without control characters, cut to a readable length. */
export function excerpt(text: string, max = excerptMax): string {
  // oxlint-disable-next-line no-control-regex
  const line = text.replaceAll(/[\s\u0000-\u001f\u007f]+/g, ' ').trim()
  return line.length <= max ? line : `${line.slice(0, max - 3)}...`
}
