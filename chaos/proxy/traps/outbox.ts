import type { InspectedConnection, Stream } from '../plane/inspector.ts'

/** A place in one direction. Everything behind it waits until its message has left. */
export interface Place {
  /** Lets these received bytes go in this place. A second call has no effect, here and below. */
  fill(parts: readonly Buffer[]): void
}

/** The place of a message that is held. */
export interface Slot {
  /** The message has left, or its connection is gone. */
  readonly settled: boolean
  /** Lets the message go as it came. */
  release(): void
  /** Drops the message and sends these bytes in its place. */
  replace(bytes: Buffer): void
}

interface Entry {
  ready: boolean
  send: () => void
  /** Of a message that was held. */
  slot?: Slot
}

/** The bytes of one direction that are ready to leave, in order; empty while no message is held. */
export class Outbox {
  readonly #stream: Stream
  readonly #connection: Pick<InspectedConnection, 'forward' | 'drop' | 'inject'>
  readonly #drained: () => void
  #entries: Entry[] = []
  #gone = false

  /** `drained` is called when the last held message has left. */
  constructor(
    stream: Stream,
    connection: Pick<InspectedConnection, 'forward' | 'drop' | 'inject'>,
    drained: () => void,
  ) {
    this.#stream = stream
    this.#connection = connection
    this.#drained = drained
  }

  get empty(): boolean {
    return this.#entries.length === 0
  }

  /** Bytes that were received. */
  forward(chunk: Buffer): void {
    if (this.#entries.length === 0) this.#connection.forward(this.#stream, chunk)
    else this.#push(() => this.#connection.forward(this.#stream, chunk))
  }

  /** New bytes. */
  inject(chunk: Buffer): void {
    if (this.#entries.length === 0) this.#connection.inject(this.#stream, chunk)
    else this.#push(() => this.#connection.inject(this.#stream, chunk))
  }

  /** Reserves the place of a message that has not come. */
  reserve(): Place {
    const entry: Entry = { ready: false, send: () => undefined }
    this.#entries.push(entry)
    return { fill: (parts) => this.#settle(entry, () => this.#forwardAll(parts)) }
  }

  /** Holds the message that consists of these received bytes. */
  hold(parts: readonly Buffer[]): Slot {
    const entry: Entry = { ready: false, send: () => this.#forwardAll(parts) }
    this.#entries.push(entry)
    const isSettled = (): boolean => entry.ready || this.#gone
    const slot: Slot = {
      get settled() {
        return isSettled()
      },
      release: () => this.#settle(entry, entry.send),
      replace: (bytes) =>
        this.#settle(entry, () => {
          for (const { length } of parts) this.#connection.drop(this.#stream, length)
          this.#connection.inject(this.#stream, bytes)
        }),
    }
    entry.slot = slot
    return slot
  }

  /** Exchanges the places of the last two messages. False if these are not the last two. */
  swapLast(first: Slot, second: Slot): boolean {
    const [before, last] = this.#entries.slice(-2)
    if (before?.slot !== first || last?.slot !== second) return false
    this.#entries.splice(-2, 2, last, before)
    return true
  }

  /** Lets every held message go as it came. Reserved places stay. */
  releaseHeld(): void {
    for (const entry of this.#entries) if (entry.slot !== undefined) entry.ready = true
    this.#flush()
  }

  /** Lets everything go as it came, and gives up the reserved places. */
  releaseAll(): void {
    for (const entry of this.#entries) entry.ready = true
    this.#flush()
  }

  /** The connection is gone. */
  abandon(): void {
    this.#gone = true
    this.#entries = []
  }

  #settle(entry: Entry, send: () => void): void {
    if (entry.ready || this.#gone) return
    entry.ready = true
    entry.send = send
    this.#flush()
  }

  #push(send: () => void): void {
    this.#entries.push({ ready: true, send })
  }

  #forwardAll(parts: readonly Buffer[]): void {
    for (const part of parts) this.#connection.forward(this.#stream, part)
  }

  #flush(): void {
    if (this.#entries[0]?.ready !== true) return
    while (this.#entries[0]?.ready) this.#entries.shift()?.send()
    if (this.#entries.length === 0 && !this.#gone) this.#drained()
  }
}
