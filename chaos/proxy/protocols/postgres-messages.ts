import { ProtocolError } from './framer.ts'

/** The longest message that Postgres itself accepts. */
const lengthMax = 0x3fff_ffff
const startupLengthMax = 10_000
/** Length by type byte: 0 is not a type, -1 is any length. A wrong fixed length shows at once that this is not Postgres. */
const requestLengths = lengths('BCDEFPQdfp', { H: 4, S: 4, X: 4, c: 4 })
const replyLengths = lengths('ACDEGHKNRSTVWdtv', {
  1: 4,
  2: 4,
  3: 4,
  I: 4,
  Z: 5,
  c: 4,
  n: 4,
  s: 4,
})

/**
 * Finds the ends of single Postgres messages in one direction, however the stream is cut. With `startup` it reads the
 * packets that open a connection; they have no type byte.
 */
export class PostgresMessages {
  /** The next message has no type byte: it is one of the packets that open a connection. */
  startup = false
  /** Type byte of the current message, 0 for a start-up packet. Valid when `known` is true. */
  type = 0
  /** Length field of the current message; it includes itself. */
  length = 0
  /** First four bytes of the payload as an integer, and the first one; 0 where the payload is shorter. */
  code = 0
  first = 0
  /** Type, length, code and first of the current message have been read. */
  known = false
  ended = true

  readonly #lengths: Int8Array
  readonly #prefix = Buffer.alloc(9)
  #have = 0
  #skip = 0

  constructor(from: 'client' | 'server') {
    this.#lengths = from === 'client' ? requestLengths : replyLengths
  }

  /** Returns where the current message ends, or the chunk's length when it continues. */
  scan(chunk: Buffer, from: number): number {
    if (this.ended) this.#begin()
    let at = from
    if (!this.known) {
      at = this.#readPrefix(chunk, from)
      if (!this.known) return at
    }
    const left = chunk.length - at
    if (left < this.#skip) {
      this.#skip -= left
      return chunk.length
    }
    this.ended = true
    return at + this.#skip
  }

  #begin(): void {
    this.ended = false
    this.known = false
    this.#have = 0
    this.code = 0
    this.first = 0
  }

  /** Type, length and the first bytes of the payload; they may come one byte at a time. */
  #readPrefix(chunk: Buffer, from: number): number {
    const typeBytes = this.startup ? 0 : 1
    const headBytes = typeBytes + 4
    // The usual case: the whole prefix is in this chunk, so no byte is copied.
    if (this.#have === 0 && chunk.length - from >= headBytes + 4) {
      this.#readHead(chunk, from, typeBytes)
      const payload = Math.min(this.length - 4, 4)
      this.#readPayload(chunk, from + headBytes, payload)
      return from + headBytes + payload
    }
    let at = from
    let wanted = headBytes
    if (this.#have >= headBytes) wanted += Math.min(this.length - 4, 4)
    while (at < chunk.length && this.#have < wanted) {
      this.#prefix[this.#have] = chunk[at] as number
      this.#have += 1
      at += 1
      if (this.#have === headBytes) {
        this.#readHead(this.#prefix, 0, typeBytes)
        wanted = headBytes + Math.min(this.length - 4, 4)
      }
    }
    if (this.#have >= headBytes && this.#have === wanted)
      this.#readPayload(this.#prefix, headBytes, wanted - headBytes)
    return at
  }

  #readHead(bytes: Buffer, at: number, typeBytes: number): void {
    this.type = typeBytes === 1 ? (bytes[at] as number) : 0
    this.length = bytes.readInt32BE(at + typeBytes)
    if (typeBytes === 0) {
      if (this.length < 8 || this.length > startupLengthMax)
        throw new ProtocolError(`a start-up packet of ${this.length} bytes`)
      return
    }
    const fixed = this.#lengths[this.type] as number
    if (fixed === 0) throw new ProtocolError(`unknown message type 0x${this.type.toString(16)}`)
    if (this.length < 4 || this.length > lengthMax || (fixed > 0 && fixed !== this.length))
      throw new ProtocolError(
        `a message "${String.fromCharCode(this.type)}" of ${this.length} bytes`,
      )
  }

  #readPayload(bytes: Buffer, at: number, count: number): void {
    this.known = true
    this.#skip = this.length - 4 - count
    if (count >= 1) this.first = bytes[at] as number
    if (count === 4) this.code = bytes.readInt32BE(at)
  }
}

function lengths(any: string, fixed: Readonly<Record<string, number>>): Int8Array {
  const table = new Int8Array(256)
  for (const type of any) table[type.charCodeAt(0)] = -1
  for (const [type, length] of Object.entries(fixed)) table[type.charCodeAt(0)] = length
  return table
}
