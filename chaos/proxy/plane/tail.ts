const keptBytes = 16

/** The last bytes that passed in one direction, and the time. */
export class Tail {
  /** On the clock of `performance.now()`; 0 before the first byte. */
  atMs = 0
  readonly #bytes = Buffer.alloc(keptBytes)
  #length = 0

  add(chunk: Buffer, bytes: number): void {
    this.atMs = performance.now()
    const take = Math.min(keptBytes, bytes)
    if (take < keptBytes) this.#bytes.copyWithin(0, take)
    chunk.copy(this.#bytes, keptBytes - take, bytes - take, bytes)
    this.#length = Math.min(keptBytes, this.#length + take)
  }

  /** A copy: at most 16 bytes. */
  bytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(keptBytes - this.#length))
  }
}
