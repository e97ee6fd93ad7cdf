import type { Timer, Timers } from './timers.ts'

/** Where a {@link DelayLine} passes its chunks on. */
export interface DelayOutlet {
  pass(chunk: Buffer): void
  passEnd(): void
}

interface Waiting {
  /** Null is the end of the stream. */
  readonly chunk: Buffer | null
  dueMs: number
}

/** Holds each chunk until it is due, and keeps the order: a chunk also waits for the chunks before it. */
export class DelayLine {
  readonly #timers: Timers
  readonly #outlet: DelayOutlet
  #queue: Waiting[] = []
  #first = 0
  #timer: Timer | null = null

  constructor(timers: Timers, outlet: DelayOutlet) {
    this.#timers = timers
    this.#outlet = outlet
  }

  get empty(): boolean {
    return this.#first === this.#queue.length
  }

  /** The number of held chunks. */
  get length(): number {
    return this.#queue.length - this.#first
  }

  /** The due time of the last chunk. A later chunk must not leave before it. */
  get lastDueMs(): number {
    return this.#queue.at(-1)?.dueMs ?? -Infinity
  }

  /** `chunk` null is the end of the stream. */
  add(chunk: Buffer | null, dueMs: number): void {
    if (this.empty && dueMs <= this.#timers.now()) {
      this.#passOn(chunk)
      return
    }
    this.#queue.push({ chunk, dueMs })
    this.#arm()
  }

  /** Gives every held chunk a new due time. */
  reschedule(due: (dueMs: number) => number): void {
    for (const waiting of this.#queue.slice(this.#first)) waiting.dueMs = due(waiting.dueMs)
    this.#timer?.cancel()
    this.#timer = null
    this.#release()
  }

  /** Passes all held chunks on now. */
  flush(): void {
    this.reschedule(() => -Infinity)
  }

  destroy(): void {
    this.#timer?.cancel()
    this.#timer = null
    this.#queue = []
    this.#first = 0
  }

  #arm(): void {
    const next = this.#queue[this.#first]
    if (next === undefined || this.#timer !== null) return
    this.#timer = this.#timers.at(next.dueMs, () => {
      this.#timer = null
      this.#release()
    })
  }

  #release(): void {
    for (;;) {
      const next = this.#queue[this.#first]
      if (next === undefined || next.dueMs > this.#timers.now()) break
      this.#queue[this.#first++] = taken
      this.#passOn(next.chunk)
    }
    this.#compact()
    this.#arm()
  }

  /** Drops the empty part of the queue from time to time, so the cost of a chunk does not depend on the queue's length. */
  #compact(): void {
    if (this.#first < 64 && !this.empty) return
    if (this.#first * 2 < this.#queue.length) return
    this.#queue = this.#queue.slice(this.#first)
    this.#first = 0
  }

  #passOn(chunk: Buffer | null): void {
    if (chunk === null) this.#outlet.passEnd()
    else this.#outlet.pass(chunk)
  }
}

const taken: Waiting = { chunk: null, dueMs: 0 }
