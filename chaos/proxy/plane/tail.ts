const kept = 16

/** The last few bytes that passed in one direction, and when. */
export class Tail {
  /** On `performance.now()`'s clock; 0 before the first byte. */
  atMs = 0
  readonly #bytes = Buffer.alloc(kept)
  #length = 0

  add(chunk: Buffer, bytes: number): void {
    this.atMs = performance.now()
    const take = Math.min(kept, bytes)
    if (take < kept) this.#bytes.copyWithin(0, take)
    chunk.copy(this.#bytes, kept - take, bytes - take, bytes)
    this.#length = Math.min(kept, this.#length + take)
  }

  /** A copy: at most 16 bytes. */
  bytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(kept - this.#length))
  }
}
