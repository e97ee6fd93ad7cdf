import { type Framer, ProtocolError } from './framer.ts'
import { pushKind, RespValues } from './resp-values.ts'

const array = 0x2a
const inlineMax = 64 * 1024

/** The units that a client of Redis sends, one command each: an array of strings, or a line of text. */
export class RedisRequestFramer implements Framer {
  ended = false
  readonly urgent = false
  /** Redis sends no reply to an empty line or an empty array. */
  empty = false
  inline = false
  readonly #values = new RespValues()
  #begun = false
  #length = 0

  scan(chunk: Buffer, from: number): number {
    this.ended = false
    if (!this.#begun) this.#begin(chunk[from] as number)
    let at: number
    if (this.inline) at = this.#scanLine(chunk, from)
    else {
      at = this.#values.scan(chunk, from)
      this.ended = this.#values.ended
      this.empty = this.#values.elements <= 0
    }
    if (this.ended) this.#begun = false
    return at
  }

  #begin(first: number): void {
    this.#begun = true
    this.#length = 0
    this.empty = true
    this.inline = first !== array
    if (!this.inline) this.#values.begin(true)
  }

  #scanLine(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] as number
      if (byte === 0x0a) {
        this.ended = true
        return at + 1
      }
      this.#length += 1
      if (byte > 0x20) this.empty = false
      if (byte < 0x20 && byte !== 0x0d && byte !== 0x09)
        throw new ProtocolError(`byte 0x${byte.toString(16)} in an inline command`)
      if (this.#length > inlineMax) throw new ProtocolError('an inline command that is too long')
    }
    return chunk.length
  }
}

/** The units that Redis sends, one value each. */
export class RedisReplyFramer implements Framer {
  ended = false
  readonly urgent = false
  readonly #values = new RespValues()
  #begun = false

  /** The unit is not a reply: the server sent it without a request. */
  get push(): boolean {
    return this.#values.kind === pushKind
  }

  /** Type byte of the value. */
  get kind(): number {
    return this.#values.kind
  }

  scan(chunk: Buffer, from: number): number {
    if (!this.#begun) {
      this.#begun = true
      this.#values.begin(false)
    }
    const at = this.#values.scan(chunk, from)
    this.ended = this.#values.ended
    if (this.ended) this.#begun = false
    return at
  }
}
