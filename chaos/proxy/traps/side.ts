import type { InspectedConnection, Stream } from '../plane/inspector.ts'
import { headMax } from '../protocols/dialect.ts'

/** What happens to the beginning of a unit whose rest does not come. */
export interface Patience {
  /** Starts the wait; the result ends it. */
  start(): () => void
}

const nothing = Buffer.alloc(0)

/**
 * The bytes of one direction of an inspected connection: how much of the current chunk has gone on, what of the current
 * unit is kept back until it is known, and what waits behind a held message.
 */
export class Side {
  readonly stream: Stream
  /** A trap holds a message: everything behind it waits. */
  holding = false
  /** The rest of the unit is thrown away: somebody else has answered it. */
  swallowing = false
  /** Bytes of the current unit so far; 0 between units. */
  unitBytes = 0
  /** The source has closed. */
  closed = false
  readonly #connection: InspectedConnection
  readonly #patience: Patience
  readonly #queue: Buffer[] = []
  #chunk: Buffer = nothing
  /** How far the chunk has gone on, and where in it the current unit (or its part) begins. */
  #passed = 0
  #unitFrom = 0
  #head: Buffer[] = []
  #headBytes = 0
  /** Parts of the current unit that came in earlier chunks and have not gone on. */
  #pending: Buffer[] = []
  #endWait: (() => void) | undefined
  #endPassed = false

  constructor(stream: Stream, connection: InspectedConnection, patience: Patience) {
    this.stream = stream
    this.#connection = connection
    this.#patience = patience
  }

  /** Another chunk is going to be read. */
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

  /** What follows in this unit is looked at by itself; it begins here. */
  endPart(at: number): void {
    this.#unitFrom = at
    this.#head = []
    this.#headBytes = 0
  }

  /** Lets go on what was read so far, but not the current unit when it is kept back. */
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

  /** The current unit up to here, which has not gone on and now belongs to the caller; what is before it goes on. */
  cutOut(to: number): Buffer[] {
    this.#forwardTo(Math.min(this.#unitFrom, to))
    const parts = this.#pending
    this.#pending = []
    this.#stopWaiting()
    if (to > this.#passed) parts.push(this.#chunk.subarray(this.#passed, to))
    this.#passed = to
    return parts
  }

  /** These bytes of the chunk are nobody's. */
  swallow(from: number, to: number): void {
    this.#forwardTo(from)
    this.#connection.drop(this.stream, to - from)
    this.#passed = to
  }

  forward(chunk: Buffer): void {
    if (chunk.length > 0) this.#connection.forward(this.stream, chunk)
  }

  /** What was kept back goes on. */
  forwardPending(): void {
    this.#stopWaiting()
    if (this.#pending.length === 0) return
    const parts = this.#pending
    this.#pending = []
    for (const part of parts) this.forward(part)
  }

  /** The chunk cannot be read: all of it goes on. */
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

  nextWaiting(): Buffer | undefined {
    return this.#queue.shift()
  }

  /** Nothing is kept back here. */
  get empty(): boolean {
    return !this.holding && this.#queue.length === 0 && this.#pending.length === 0
  }

  /** Passes the source's end on, once everything before it has gone. */
  endIfDone(): void {
    if (!this.closed || this.#endPassed || this.holding || this.#queue.length > 0) return
    this.forwardPending()
    this.#endPassed = true
    this.#connection.end(this.stream)
  }

  /** The connection is gone. */
  abandon(): void {
    this.#stopWaiting()
    this.#pending = []
    this.#queue.length = 0
  }

  #forwardTo(to: number): void {
    if (to <= this.#passed) return
    // Mostly nothing is kept back, and the chunk goes on as it came.
    const whole = this.#passed === 0 && to === this.#chunk.length
    this.forward(whole ? this.#chunk : this.#chunk.subarray(this.#passed, to))
    this.#passed = to
  }

  #stopWaiting(): void {
    this.#endWait?.()
    this.#endWait = undefined
  }
}
