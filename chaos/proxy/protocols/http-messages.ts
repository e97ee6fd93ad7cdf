import { HTTPParser } from 'http-parser-js'

import { ProtocolError } from './framer.ts'

/** Longest chunk head or block of trailers. The parser itself limits only headers. */
const linesMax = 80 * 1024

/** What the parser reports about a message when its headers are complete. */
export interface HttpHead {
  readonly method: number
  readonly url: string
  readonly statusCode: number
  /** Name, value, name, value ... */
  readonly headers: readonly string[]
  readonly upgrade: boolean
}

/** The parts of the parser's state machine that its types do not declare. */
interface Innards {
  offset: number
  line: string
  body_bytes: number
  state: string
  nextRequest(): void
  consumeLine(): string | undefined
  BODY_CHUNKHEAD(): void
  UNIT_END(): boolean
}

/** Finds the ends of HTTP/1.1 messages in one direction. */
export class HttpMessages {
  ended = false
  /** Known when the headers of the current message are complete. */
  head: HttpHead | undefined
  /** Bytes of the current message's body so far, as they are sent: the framing of chunks counts. */
  bodyBytes = 0
  /** Where the headers ended in the chunk that is scanned now. */
  #headEnd: number | undefined
  readonly #type: 'REQUEST' | 'RESPONSE'
  readonly #parser: InstanceType<typeof HTTPParser>
  readonly #innards: Innards
  #trailerBytes = 0

  constructor(type: 'REQUEST' | 'RESPONSE', hasNoBody: (head: HttpHead) => boolean) {
    this.#type = type
    this.#parser = new HTTPParser(type)
    this.#innards = this.#parser as unknown as Innards
    this.#parser[HTTPParser.kOnHeadersComplete] = (head: HttpHead) => {
      this.head = head
      this.#headEnd = this.#innards.offset
      refuseUnclearLength(head)
      return hasNoBody(head) ? 2 : 0
    }
    // Without this, the parser would read the next message in the same call. It must stop where this one ends.
    this.#innards.nextRequest = function (this: Innards) {
      this.state = 'UNIT_END'
    }
    this.#innards.UNIT_END = () => true
    this.#innards.BODY_CHUNKHEAD = readChunkHead
  }

  /** Returns where the current message ends, or the chunk's length when it continues. */
  scan(chunk: Buffer, from: number): number {
    if (this.ended) this.#begin()
    this.#headEnd = undefined
    const read = this.#parser.execute(chunk, from, chunk.length - from)
    if (typeof read !== 'number') throw new ProtocolError(read.message, { cause: read })
    if (this.head !== undefined) this.bodyBytes += from + read - (this.#headEnd ?? from)
    if (this.#innards.state === 'UNIT_END') this.ended = true
    else this.#limitLines(read)
    return from + read
  }

  /** The sender has closed its side: that ends a message without a length. Returns whether there was one. */
  finish(): boolean {
    if (this.ended || this.#innards.state !== 'BODY_RAW') return false
    this.ended = true
    return true
  }

  #begin(): void {
    this.ended = false
    this.head = undefined
    this.bodyBytes = 0
    this.#trailerBytes = 0
    this.#parser.initialize(this.#type)
  }

  #limitLines(read: number): void {
    if (this.#innards.state === 'BODY_CHUNKTRAILERS') this.#trailerBytes += read
    if (this.#innards.line.length > linesMax || this.#trailerBytes > 16 * linesMax)
      throw new ProtocolError('a line that is too long')
  }
}

/** The parser accepts any text as a number. Where a message ends must be certain. */
function refuseUnclearLength(head: HttpHead): void {
  for (let i = 0; i + 1 < head.headers.length; i += 2) {
    const name = head.headers[i]?.toLowerCase()
    const value = head.headers[i + 1] as string
    if (name === 'content-length' && !/^\d{1,15}$/.test(value))
      throw new ProtocolError(`Content-Length "${value}"`)
    if (name === 'transfer-encoding' && value.toLowerCase() !== 'chunked')
      throw new ProtocolError(`Transfer-Encoding "${value}"`)
  }
}

/** As the parser's own, but a length that is not a number, or is below zero, is an error. */
function readChunkHead(this: Innards): void {
  const line = this.consumeLine()
  if (line === undefined) return
  const digits = /^([0-9a-f]{1,12})[ \t]*(;|$)/i.exec(line)?.[1]
  if (digits === undefined) throw new ProtocolError(`chunk length "${line.slice(0, 20)}"`)
  this.body_bytes = Number.parseInt(digits, 16)
  this.state = this.body_bytes === 0 ? 'BODY_CHUNKTRAILERS' : 'BODY_CHUNK'
}
