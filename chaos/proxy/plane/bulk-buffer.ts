import { returnBulkBuffer, takeBulkBuffer } from './read-buffers.ts'

/** The buffer is given back after this many reads in a row that are shorter than this. */
const smallRead = 32 * 1024
const smallReadsMax = 16

/** The large buffer of a pipe, as long as bulk data passes. */
export class BulkBuffer {
  buffer: Buffer | null = null
  #smallReads = 0

  /** Stays null if too many pipes have one. */
  take(): void {
    this.buffer = takeBulkBuffer()
  }

  /** A read of this size was written, and the buffer is free again. */
  wrote(bytes: number): void {
    this.#smallReads = bytes < smallRead ? this.#smallReads + 1 : 0
    if (this.#smallReads >= smallReadsMax) this.giveBack(true)
  }

  /** `reusable` false: a write may still use the buffer. */
  giveBack(reusable: boolean): void {
    if (this.buffer !== null) returnBulkBuffer(this.buffer, reusable)
    this.buffer = null
    this.#smallReads = 0
  }
}
