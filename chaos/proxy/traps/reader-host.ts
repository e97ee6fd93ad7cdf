import type { Exchange } from './exchange.ts'
import type { BodyStop } from './link-watch.ts'
import type { Side } from './side.ts'
import type { Trap } from './trap.ts'

/** The part of a connection that its two readers use: it holds messages and reports what cannot be read. */
export interface ReaderHost {
  /** Holds a message and everything behind it, and lets the traps act. */
  hold(
    traps: readonly Trap[],
    exchange: Exchange,
    phase: 'before' | 'after',
    side: Side,
    parts: readonly Buffer[],
    rest: Buffer,
  ): void
  /** Holds the rest of a reply (`parts`) and everything behind it (`rest`) until the stop resumes it. */
  pause(side: Side, stop: BodyStop, parts: readonly Buffer[], rest: Buffer): void
  /** A toxic takes this whole message. Its bytes are cut out, and its unit has ended. */
  take(exchange: Exchange, side: Side, parts: readonly Buffer[]): void
  /** Ends the connection: a message that must be held whole is too long. */
  tooLong(): void
  /** The server replies before the whole request was read. */
  nameEarly(exchange: Exchange): void
  /** A reply without a request: the pairs are wrong, so a new point between two exchanges must be found. */
  lostCount(): void
  /** Throws: later bytes cannot be read. */
  unreadable(detail: string): never
  /** Sends the replacements of requests that the callee never received, each in its turn. */
  giveReplacements(): void
}
