import { systemClock } from '#chaos/lib/clock.ts'

import type { Stream } from './inspector.ts'
import type { ConnectionRecorder, TrafficEvent } from './recorder.ts'

/** Tells the recorders of a connection what passes in one direction. */
export class PipeRecord {
  readonly #stream: Stream
  readonly #recorders: readonly ConnectionRecorder[]

  constructor(stream: Stream, recorders: readonly ConnectionRecorder[]) {
    this.#stream = stream
    this.#recorders = recorders
  }

  /** The first bytes of a buffer that is used again: read, and about to be written. Write the result. */
  copy(buffer: Buffer, length: number, at: number, atMs: number): Buffer {
    const stream = this.#stream
    const read = { what: 'read', stream, buffer, length, at, atMs, isStaged: false } as const
    let chunk = buffer
    for (const recorder of this.#recorders) chunk = recorder.copy(read)
    return chunk
  }

  /** These bytes were read and written. */
  passed(bytes: Buffer, at: number, atMs: number): void {
    this.#add({ what: 'read', stream: this.#stream, bytes, at, atMs, isStaged: false })
  }

  /** Bytes have come to the first stage. */
  came(bytes: Buffer, at: number): void {
    if (this.#stream === 'upstream') this.reached(bytes, at)
    else this.#add({ what: 'arrived', at, atMs: systemClock.now() })
  }

  /** These bytes have come to the place of the link's inspector. */
  reached(bytes: Buffer, at: number): void {
    const atMs = systemClock.now()
    this.#add({ what: 'read', stream: this.#stream, bytes, at, atMs, isStaged: true })
  }

  gone(at: number, passed: boolean): void {
    this.#add({ what: 'gone', stream: this.#stream, at, atMs: systemClock.now(), passed })
  }

  ended(): void {
    this.#add({ what: 'ended', stream: this.#stream, atMs: systemClock.now() })
  }

  #add(event: TrafficEvent): void {
    for (const recorder of this.#recorders) recorder.add(event)
  }
}
