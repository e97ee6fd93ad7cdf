import { ProtocolError } from './framer.ts'

/** Longest line (a simple string, an error, a number, an inline command). */
const lineMax = 64 * 1024
/** The limits of Redis for one string (proto-max-bulk-len) and for the elements of one request. */
const bulkMax = 512 * 1024 * 1024
const elementsMax = 1024 * 1024 * 1024

const code = {
  simple: 0x2b, // +
  error: 0x2d, // -
  integer: 0x3a, // :
  null: 0x5f, // _
  boolean: 0x23, // #
  double: 0x2c, // ,
  bigNumber: 0x28, // (
  bulk: 0x24, // $
  bulkError: 0x21, // !
  verbatim: 0x3d, // =
  array: 0x2a, // *
  set: 0x7e, // ~
  push: 0x3e, // >
  map: 0x25, // %
  attribute: 0x7c, // |
} as const

/** What a line holds, by type byte: 0 not a type, 1 the value, 2 a count of bytes, 3 of values, 4 of pairs, 5 an attribute. */
const meaning = new Uint8Array(256)
for (const type of '+-:_#,(') meaning[type.charCodeAt(0)] = 1
for (const type of '$!=') meaning[type.charCodeAt(0)] = 2
for (const type of '*~>') meaning[type.charCodeAt(0)] = 3
meaning[code.map] = 4
meaning[code.attribute] = 5

/** Push messages are not replies. */
export const pushKind = code.push
export const errorKind = code.error

/** Finds the ends of RESP2 and RESP3 values, nested or not, however the stream is cut. */
export class RespValues {
  /** Type byte of the current unit's value; attributes do not count. */
  kind = 0
  /** Number of elements of that value, if it is an aggregate; -1 for null. */
  elements = 0
  ended = true

  /** Values that must still be read before the unit ends. */
  #pending = 0
  #skip = 0
  /** Type byte of the current line, 0 between lines. */
  #line = 0
  #lineLength = 0
  #number = 0
  #negative = false
  #digits = 0
  #onlyStrings = false

  /** `onlyStrings`: for a request, which is always an array of strings. */
  begin(onlyStrings: boolean): void {
    this.ended = false
    this.kind = 0
    this.elements = 0
    this.#pending = 1
    this.#onlyStrings = onlyStrings
  }

  /** Returns where the value ends, or the chunk's length when it continues. */
  scan(chunk: Buffer, from: number): number {
    let at = from
    while (at < chunk.length) {
      if (this.#skip > 0) {
        const taken = Math.min(this.#skip, chunk.length - at)
        this.#skip -= taken
        at += taken
        if (this.#skip > 0) return at
      } else {
        at = this.#readLine(chunk, at)
        if (this.#line !== 0) return at
        if (this.#skip > 0) continue
      }
      if (this.#pending === 0) {
        this.ended = true
        return at
      }
    }
    return at
  }

  #readLine(chunk: Buffer, from: number): number {
    let at = from
    if (this.#line === 0) {
      this.#beginLine(chunk[at] as number)
      at += 1
    }
    const numeric = (meaning[this.#line] as number) > 1
    while (at < chunk.length) {
      const byte = chunk[at] as number
      at += 1
      if (byte === 0x0a) {
        this.#endLine()
        return at
      }
      this.#lineLength += 1
      if (numeric) this.#readDigit(byte)
      else if (this.#lineLength > lineMax) throw new ProtocolError('a line that is too long')
    }
    return at
  }

  #beginLine(type: number): void {
    if (meaning[type] === 0) throw new ProtocolError(`unknown RESP type 0x${type.toString(16)}`)
    if (this.#onlyStrings && type !== (this.kind === 0 ? code.array : code.bulk))
      throw new ProtocolError('a request that is not an array of strings')
    this.#line = type
    this.#lineLength = 0
    this.#number = 0
    this.#digits = 0
    this.#negative = false
  }

  #readDigit(byte: number): void {
    if (byte >= 0x30 && byte <= 0x39 && this.#digits < 12) {
      this.#number = this.#number * 10 + byte - 0x30
      this.#digits += 1
    } else if (byte === 0x2d && this.#lineLength === 1) this.#negative = true
    else if (byte !== 0x0d || this.#digits === 0)
      throw new ProtocolError('a length that is not a number')
  }

  #endLine(): void {
    const type = this.#line
    this.#line = 0
    const kindOfLine = meaning[type] as number
    if (kindOfLine > 1 && this.#digits === 0)
      throw new ProtocolError('a length that is not a number')
    const count = this.#negative ? -1 : this.#number
    if (count > (kindOfLine === 2 ? bulkMax : elementsMax)) throw new ProtocolError('too long')
    if (this.kind === 0 && this.#pending === 1 && kindOfLine !== 5) {
      this.kind = type
      this.elements = kindOfLine >= 3 ? count : 0
    }
    // An attribute comes before its value, so the value comes next.
    if (kindOfLine !== 5) this.#pending -= 1
    if (count < 0) return
    if (kindOfLine === 2) this.#skip = count + 2
    else if (kindOfLine === 3) this.#pending += count
    else if (kindOfLine >= 4) this.#pending += 2 * count
  }
}
