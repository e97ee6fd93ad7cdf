import { type Framer, ProtocolError } from './framer.ts'
import { PostgresMessages } from './postgres-messages.ts'

/** Codes of the packets that open a connection; they are sent instead of a protocol version. */
export const sslRequest = 80_877_103
export const gssRequest = 80_877_104
export const cancelRequest = 80_877_102

const type = {
  query: 0x51, // Q
  call: 0x46, // F
  sync: 0x53, // S
  flush: 0x48, // H
  terminate: 0x58, // X
  password: 0x70, // p
  copyData: 0x64, // d
  copyDone: 0x63, // c
  copyFail: 0x66, // f
  readyForQuery: 0x5a, // Z
  authentication: 0x52, // R
  copyInResponse: 0x47, // G
  copyBothResponse: 0x57, // W
} as const

/** Authentication requests to which the client must reply before the server continues. */
const authenticationDemands = new Set([2, 3, 5, 6, 7, 8, 9, 10, 11])

/**
 * The units that a client sends: a start-up packet, a password message, a simple query, everything up to a Sync, or the
 * data of a COPY.
 */
export class PostgresRequestFramer implements Framer {
  ended = false
  urgent = false
  /** The server waits for the data of a COPY, which was sent as a simple query or with Parse, Bind and Execute. */
  copying: 'no' | 'simple' | 'extended' = 'no'
  /** Code of the last start-up packet: {@link sslRequest}, {@link cancelRequest}, a protocol version. */
  startupCode = 0
  /** The unit contains an Execute: its COPY ends with a Sync. */
  extended = false
  /** First type byte of the unit; 0 for a start-up packet. */
  leading = 0
  readonly #messages = new PostgresMessages('client')
  #begun = false

  /** `starting`: the connection is new. Else it must be at a point where a unit begins. */
  constructor(starting: boolean) {
    this.#messages.startup = starting
  }

  /** Expects a start-up packet again: the server has refused to encrypt. */
  restart(): void {
    this.#messages.startup = true
  }

  scan(chunk: Buffer, from: number): number {
    if (this.ended || !this.#begun) {
      this.ended = false
      this.extended = false
      this.#begun = false
    }
    this.urgent = false
    let at = from
    while (at < chunk.length) {
      at = this.#messages.scan(chunk, at)
      if (!this.#begun && this.#messages.known) {
        this.leading = this.#messages.type
        this.#begun = true
      }
      if (!this.#messages.ended) return chunk.length
      if (this.#endsUnit()) {
        this.ended = true
        return at
      }
    }
    return at
  }

  #endsUnit(): boolean {
    const message = this.#messages
    this.urgent = false
    if (message.startup) {
      message.startup = false
      this.startupCode = message.code
      const major = message.code >> 16
      if (major !== 3 && major !== 1234) throw new ProtocolError(`protocol version ${major}`)
      return true
    }
    switch (message.type) {
      case type.copyData:
        if (this.copying === 'no') this.copying = 'simple'
        return false
      case type.copyDone:
      case type.copyFail:
        if (this.copying === 'extended') return false
        this.copying = 'no'
        return true
      case type.sync:
        // The server ignores a Sync while it waits for the data; the one after CopyDone counts.
        this.copying = 'no'
        return true
      case type.query:
      case type.call:
      case type.terminate:
      case type.password:
        this.copying = 'no'
        return true
      case type.flush:
        this.urgent = true
        return false
      default:
        if (message.type === 0x45) this.extended = true
        return false
    }
  }
}

/** The units that a server sends: up to ReadyForQuery, or up to the point where it waits for the client. */
export class PostgresReplyFramer implements Framer {
  ended = false
  readonly urgent = false
  /** The next byte is the one-byte reply to a request for encryption. */
  negotiating = false
  /** What ended the unit: `Z`, `R` (the server needs a password), `G` (it needs the data of a COPY), or the one byte. */
  end = ''
  /** Transaction status of the last ReadyForQuery: `I`, `T` or `E`. */
  status = 'I'
  readonly #messages = new PostgresMessages('server')

  scan(chunk: Buffer, from: number): number {
    this.ended = false
    if (this.negotiating && this.#messages.ended) {
      this.negotiating = false
      this.end = String.fromCharCode(chunk[from] as number)
      // A server that does not support the request sends an error message instead.
      if (this.end !== 'E') {
        this.ended = true
        return from + 1
      }
    }
    let at = from
    while (at < chunk.length) {
      at = this.#messages.scan(chunk, at)
      if (!this.#messages.ended) return chunk.length
      if (this.#endsUnit()) {
        this.ended = true
        return at
      }
    }
    return at
  }

  #endsUnit(): boolean {
    const message = this.#messages
    switch (message.type) {
      case type.readyForQuery:
        this.status = String.fromCharCode(message.first)
        if (!'ITE'.includes(this.status)) throw new ProtocolError(`status "${this.status}"`)
        this.end = 'Z'
        return true
      case type.authentication:
        this.end = 'R'
        return authenticationDemands.has(message.code)
      case type.copyInResponse:
        this.end = 'G'
        return true
      case type.copyBothResponse:
        throw new ProtocolError('replication')
      default:
        return false
    }
  }
}
