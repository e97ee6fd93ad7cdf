import type { Exchange } from './exchange.ts'
import type { BodyStop } from './link-watch.ts'
import type { Side } from './side.ts'
import type { Trap } from './trap.ts'

/** What the two readers of a connection ask of it. */
export interface Holder {
  /** Keeps a message back, with everything behind it, and lets the traps do their part. */
  hold(
    traps: readonly Trap[],
    exchange: Exchange,
    phase: 'before' | 'after',
    side: Side,
    parts: readonly Buffer[],
    rest: Buffer,
  ): void
  /** Keeps back the rest of a reply (`parts`) and everything behind it (`rest`) until the stop says so. */
  pause(side: Side, stop: BodyStop, parts: readonly Buffer[], rest: Buffer): void
  /** The server speaks before the whole request was read. */
  nameEarly(exchange: Exchange): void
  /** A reply that nobody waits for: the pairs are wrong from here on, so a new quiet point must be found. */
  lostCount(): void
  /** Throws: nothing behind this can be read. */
  unreadable(detail: string): never
  /** Answers, in their turn, the requests that the server never saw. */
  giveReplacements(): void
}
