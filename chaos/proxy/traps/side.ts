import type { InspectedConnection, Stream } from '../plane/inspector.ts'
import { headMax } from '../protocols/dialect.ts'
import { Outbox } from './outbox.ts'

/** Limits how long the beginning of a unit is held when its rest does not come. */
export interface Patience {
  /** Starts the wait; call the result to end it. */
  start(): () => void
}

const nothing = Buffer.alloc(0)

/**
 * The bytes of one direction of an inspected connection: how much of the current chunk was forwarded, which bytes of the
 * current unit are held until it is named, and which chunks wait behind a held message.
 */
export class Side {
  readonly stream: Stream
  /** A trap holds a message: everything behind it waits. */
  holding = false
  /** The rest of the unit is dropped: the unit was replaced. */
  swallowing = false
  /** Bytes of the current unit so far; 0 between units. */
  unitBytes = 0
  /** The source has closed. */
  closed = false
  /** Bytes that leave in this direction; messages that a toxic holds. */
  readonly outbox: Outbox
  readonly #connection: InspectedConnection
  readonly #patience: Patience
  readonly #queue: Buffer[] = []
  #chunk: Buffer = nothing
  /** How far the chunk was forwarded, and where in it the current unit (or its part) begins. */
  #passed = 0
  #unitFrom = 0
  #head: Buffer[] = []
  #headBytes = 0
  /** Parts of the current unit that came in earlier chunks and are held. */
  #pending: Buffer[] = []
  #endWait: (() => void) | undefined
  #endPassed = false

  constructor(
    stream: Stream,
    connection: InspectedConnection,
    patience: Patience,
    drained: () => void,
  ) {
    this.stream = stream
    this.outbox = new Outbox(stream, connection, drained)
    this.#connection = connection
    this.#patience = patience
  }

  /** Starts to read another chunk. */
  begin(chunk: Buffer): void {
    this.#chunk = chunk
    this.#passed = 0
    this.#unitFrom = 0
  }

  /** The framer has read so far; the bytes belong to the current unit. */
  took(from: number, to: number, ended: boolean): void {
    if (this.unitBytes === 0) this.#unitFrom = from
    this.unitBytes += to - from
    // The usual case, a unit within one chunk, needs no list of parts.
    const whole = ended && this.unitBytes === to - from
    if (whole || this.#headBytes >= headMax) return
    const part = this.#chunk.subarray(from, Math.min(to, from + headMax))
    this.#head.push(part)
    this.#headBytes += part.length
  }

  /** The beginning of the current unit, or of its current part. */
  head(): Buffer {
    if (this.#head.length === 0) {
      const end = this.#unitFrom + Math.min(this.unitBytes, headMax)
      return this.#chunk.subarray(this.#unitFrom, end)
    }
    if (this.#head.length > 1) this.#head = [Buffer.concat(this.#head)]
    return this.#head[0] as Buffer
  }

  /** The next byte begins another unit. */
  endUnit(): void {
    this.unitBytes = 0
    this.swallowing = false
    if (this.#headBytes > 0) this.endPart(this.#unitFrom)
  }

  /** The next part of this unit is named separately; it begins here. */
  endPart(at: number): void {
    this.#unitFrom = at
    this.#head = []
    this.#headBytes = 0
  }

  /** Forwards what was read so far; with `keep`, holds the current unit. */
  pass(to: number, keep: boolean): void {
    if (!keep) {
      this.forwardPending()
      this.#forwardTo(to)
      return
    }
    this.#forwardTo(this.#unitFrom)
    if (to > this.#passed) this.#pending.push(this.#chunk.subarray(this.#passed, to))
    this.#passed = to
    this.#endWait ??= this.#patience.start()
  }

  /** Whether the current unit, which ends here, is still here from its first byte. */
  holdsWhole(to: number): boolean {
    const inChunk = to - this.#unitFrom
    const earlier = this.#pending.reduce((sum, { length }) => sum + length, 0)
    return this.#passed <= this.#unitFrom && earlier + inChunk === this.unitBytes
  }

  /** Takes out the current unit up to here, as far as it was not forwarded; forwards everything before it. */
  cutOut(to: number): Buffer[] {
    this.#forwardTo(Math.min(this.#unitFrom, to))
    const parts = this.#pending
    this.#pending = []
    this.#stopWaiting()
    if (to > this.#passed) parts.push(this.#chunk.subarray(this.#passed, to))
    this.#passed = to
    return parts
  }

  /** Drops these bytes of the chunk. */
  swallow(from: number, to: number): void {
    this.#forwardTo(from)
    this.#connection.drop(this.stream, to - from)
    this.#passed = to
  }

  forward(chunk: Buffer): void {
    if (chunk.length > 0) this.outbox.forward(chunk)
  }

  /** Forwards the held part of the current unit. */
  forwardPending(): void {
    this.#stopWaiting()
    if (this.#pending.length === 0) return
    const parts = this.#pending
    this.#pending = []
    for (const part of parts) this.forward(part)
  }

  /** The chunk cannot be read: forwards all of it. */
  forwardRest(): void {
    this.forwardPending()
    this.#forwardTo(this.#chunk.length)
  }

  wait(chunk: Buffer): void {
    if (chunk.length > 0) this.#queue.push(chunk)
  }

  waitFirst(chunk: Buffer): void {
    if (chunk.length > 0) this.#queue.unshift(chunk)
  }

  /** Bytes that wait behind a held message. */
  get queuedBytes(): number {
    return this.#queue.reduce((sum, { length }) => sum + length, 0)
  }

  nextWaiting(): Buffer | undefined {
    return this.#queue.shift()
  }

  /** Nothing is held. */
  get empty(): boolean {
    if (this.holding || !this.outbox.empty) return false
    return this.#queue.length === 0 && this.#pending.length === 0
  }

  /** Passes the source's end on when everything before it was forwarded. */
  endIfDone(): void {
    if (!this.closed || this.#endPassed || this.holding || this.#queue.length > 0) return
    this.forwardPending()
    if (!this.outbox.empty) return
    this.#endPassed = true
    this.#connection.end(this.stream)
  }

  /** The connection is gone. */
  abandon(): void {
    this.#stopWaiting()
    this.#pending = []
    this.#queue.length = 0
    this.outbox.abandon()
  }

  #forwardTo(to: number): void {
    if (to <= this.#passed) return
    // Usually nothing is held, and the chunk is forwarded as it came.
    const whole = this.#passed === 0 && to === this.#chunk.length
    this.forward(whole ? this.#chunk : this.#chunk.subarray(this.#passed, to))
    this.#passed = to
  }

  #stopWaiting(): void {
    this.#endWait?.()
    this.#endWait = undefined
  }
}
