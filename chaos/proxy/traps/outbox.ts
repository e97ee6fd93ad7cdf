import type { InspectedConnection, Stream } from '../plane/inspector.ts'

/** The place of a message in its direction. Everything behind it waits until it has left. */
export interface Slot {
  /** The message has left, or its connection is gone. */
  readonly settled: boolean
  /** Lets the message go as it came. A second call has no effect, here and below. */
  release(): void
  /** Drops the message and sends these bytes in its place. */
  replace(bytes: Buffer): void
  /** Lets these received bytes go in this place, which was reserved without a message. */
  fill(parts: readonly Buffer[]): void
}

interface Entry {
  ready: boolean
  send: () => void
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

  /** Holds the message that consists of these received bytes. */
  reserve(parts: readonly Buffer[]): Slot {
    const entry: Entry = { ready: false, send: () => this.#forwardAll(parts) }
    this.#entries.push(entry)
    const settle = (send: () => void): void => {
      if (entry.ready || this.#gone) return
      entry.ready = true
      entry.send = send
      this.#flush()
    }
    const isSettled = (): boolean => entry.ready || this.#gone
    const slot: Slot = {
      get settled() {
        return isSettled()
      },
      release: () => settle(entry.send),
      replace: (bytes) =>
        settle(() => {
          for (const { length } of parts) this.#connection.drop(this.#stream, length)
          this.#connection.inject(this.#stream, bytes)
        }),
      fill: (received) => settle(() => this.#forwardAll(received)),
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

  /** Lets everything go as it came. */
  releaseAll(): void {
    for (const entry of this.#entries) entry.ready = true
    this.#flush()
  }

  /** The connection is gone. */
  abandon(): void {
    this.#gone = true
    this.#entries = []
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
