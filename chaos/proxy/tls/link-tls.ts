import type { ChainNode } from '../plane/chain.ts'
import type { Connection } from '../plane/connection.ts'
import type { Protocol, Stream } from '../plane/inspector.ts'
import { cString, errorFields, messagesInHead } from '../protocols/postgres-head.ts'

/**
 * What a link does when a client asks a Postgres server for encryption. `avoid`: the link answers N, as a server without TLS
 * does, so a client with `sslmode=prefer` goes on in plain text. `pass`: the server answers.
 */
export type TlsPolicy = 'avoid' | 'pass'

/** SSLRequest and GSSENCRequest: a length of 8, and one of two codes. */
const requestBytes = 8
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
const gssRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 48])
const refusal = Buffer.from('N')
const refusedWithoutTls = /\b(ssl|tls|encrypt|insecure)/i

/**
 * Whether connections of one link use TLS, learned from their first bytes. TLS passes as bytes. A link that avoids TLS
 * passes it from the moment when a client gives up after the answer N, or when the server refuses plain text: both want TLS.
 */
export class LinkTls {
  /** A connection of this link has used TLS. */
  seen = false
  #avoids: boolean
  readonly #isPostgres: boolean
  readonly #report: (connection: Connection, detail: string) => void

  readonly #looks: boolean

  /** Without a policy, the link does not look for TLS. */
  constructor(
    link: { readonly tls?: TlsPolicy | undefined; readonly protocol?: Protocol | undefined },
    report: (connection: Connection, detail: string) => void,
  ) {
    this.#looks = link.tls !== undefined
    this.#isPostgres = link.protocol === 'postgres'
    this.#avoids = link.tls === 'avoid' && this.#isPostgres
    this.#report = report
  }

  /** Reads the first bytes of a new connection. Nothing waits for it, except a part of a request for encryption. */
  watch(connection: Connection): void {
    if (this.#looks) new Opening(connection, this).start()
  }

  get isPostgres(): boolean {
    return this.#isPostgres
  }

  get avoids(): boolean {
    return this.#avoids
  }

  sawTls(connection: Connection): void {
    if (this.seen) return
    this.seen = true
    this.#report(connection, 'TLS: its bytes pass unread')
  }

  /** From now on the server answers requests for encryption. */
  stopAvoiding(connection: Connection, why: string): void {
    if (!this.#avoids) return
    this.#avoids = false
    this.#report(connection, `${why}: from now on TLS passes as bytes`)
  }
}

/** The first bytes of one connection, nearer to the caller than every inspector. */
class Opening {
  readonly #connection: Connection
  readonly #link: LinkTls
  readonly #up: ChainNode
  readonly #down: ChainNode
  /** A part of a request for encryption. */
  #held: Buffer = Buffer.alloc(0)
  /** The link has answered N, and the client has sent nothing since. */
  #refused = false
  /** What the next bytes of the server answer. */
  #awaits: 'nothing' | 'encryption' | 'plain text' = 'nothing'

  constructor(connection: Connection, link: LinkTls) {
    this.#connection = connection
    this.#link = link
    const add = (stream: Stream): ChainNode =>
      connection.addStage(stream, { layer: 'opening', order: 0 }, () => ({}))
    this.#up = add('upstream')
    this.#down = add('downstream')
  }

  start(): void {
    this.#up.stage = { chunk: (chunk) => this.#asks(chunk), end: () => this.#clientEnds() }
    this.#down.stage = { chunk: (chunk) => this.#answers(chunk) }
  }

  #asks(chunk: Buffer): void {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    this.#held = Buffer.alloc(0)
    if (!this.#link.isPostgres || !isRequest(bytes)) this.#begins(bytes)
    else if (bytes.length < requestBytes) this.#held = bytes
    else if (this.#link.avoids) this.#refuse()
    else {
      this.#awaits = 'encryption'
      this.#up.pass(bytes)
    }
  }

  #refuse(): void {
    const { down } = this.#connection
    this.#up.drop(requestBytes)
    // A recorder at an inspector of the link receives what comes to the inspector, and this does not.
    const isInspected = down.nodes.some(({ position }) => position.layer === 'inspector')
    down.added(refusal.length)
    if (isInspected) down.record?.reached(refusal, down.gone)
    this.#refused = true
    this.#down.pass(refusal)
  }

  /** Bytes that ask for no encryption. */
  #begins(bytes: Buffer): void {
    if (isTls(bytes)) this.#link.sawTls(this.#connection)
    const isJudged = this.#refused
    this.#refused = false
    if (isJudged) this.#awaits = 'plain text'
    const { pipe } = this.#up
    this.#up.pass(bytes)
    pipe.remove(this.#up)
    if (!isJudged) this.#down.pipe.remove(this.#down)
  }

  #answers(chunk: Buffer): void {
    const awaited = this.#awaits
    this.#awaits = 'nothing'
    if (awaited === 'encryption') {
      const isAccepted = chunk[0] === 0x53 || chunk[0] === 0x47
      if (isAccepted) this.#link.sawTls(this.#connection)
    } else if (awaited === 'plain text' && refusesPlainText(chunk))
      this.#link.stopAvoiding(this.#connection, 'the server refuses plain text')
    this.#down.pass(chunk)
    if (awaited === 'plain text') this.#down.pipe.remove(this.#down)
  }

  #clientEnds(): void {
    if (this.#refused)
      this.#link.stopAvoiding(this.#connection, 'a client requires TLS, and closed without it')
    if (this.#held.length > 0) this.#up.pass(this.#held)
    this.#up.passEnd()
  }
}

/** The bytes are a request for encryption, or its beginning. */
function isRequest(bytes: Buffer): boolean {
  const at = bytes.subarray(0, requestBytes)
  return [sslRequest, gssRequest].some((request) => request.subarray(0, at.length).equals(at))
}

/** A ClientHello: a handshake record of TLS. */
function isTls(bytes: Buffer): boolean {
  return bytes[0] === 0x16 && (bytes.length < 2 || bytes[1] === 0x03)
}

/** The server's first message is an error, and the reason is the missing encryption. */
function refusesPlainText(head: Buffer): boolean {
  const [first] = messagesInHead(head)
  if (first?.type !== 'E') return false
  // In every language of the server, the rule of pg_hba.conf is checked in this function of Postgres.
  return (
    routineOf(first.payload) === 'ClientAuthentication' ||
    refusedWithoutTls.test(errorFields(first.payload).message)
  )
}

/** The function of the server that raised the error. */
function routineOf(payload: Buffer): string {
  let at = 0
  while (at < payload.length && payload[at] !== 0) {
    const [text, next] = cString(payload, at + 1)
    if (payload[at] === 0x52) return text
    at = next
  }
  return ''
}
