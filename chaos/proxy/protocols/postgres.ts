import { InputError } from '#chaos/lib/errors.ts'

import { type Described, type Dialect, excerpt } from './dialect.ts'
import {
  cancelRequest,
  gssRequest,
  PostgresReplyFramer,
  PostgresRequestFramer,
  sslRequest,
} from './postgres-framers.ts'
import { boundValues, cString, errorFields, messagesInHead } from './postgres-head.ts'
import { nameOfSql } from './sql.ts'

const statementsMax = 5_000
/** What opens or closes a connection. */
const standing = new Set(['connect', 'encryption?', 'authenticate', 'cancel', 'disconnect'])

/**
 * The Postgres wire protocol. Can join a running connection only between two exchanges; `status` is the transaction status
 * that the server sent last.
 */
export class Postgres implements Dialect {
  readonly requests: PostgresRequestFramer
  readonly replies = new PostgresReplyFramer()
  readonly remembers = true
  readonly comesInParts = true
  readonly speaksUnasked = true
  /** A session is a sequence: prepared statements, transactions, settings. */
  readonly requestsAreIndependent = false
  readonly replyBodyBytes = 0
  /** Signatures by statement name and by portal. Statements that were prepared before the connection was read are unknown. */
  readonly #statements = new Map<string, string>()
  readonly #portals = new Map<string, string>()
  #extended = false

  constructor(options: { readonly fromStart: boolean; readonly status?: string }) {
    this.requests = new PostgresRequestFramer(options.fromStart)
    this.replies.status = options.status ?? 'I'
  }

  get transactionOpen(): boolean {
    return this.replies.status !== 'I'
  }

  describe(head: Buffer): Described {
    if (this.requests.leading === 0) return this.#describeStartup()
    this.#extended = this.requests.extended
    const names: string[] = []
    let prepared = ''
    for (const { type, payload } of messagesInHead(head)) {
      if (type === 'Q') names.push(nameOfSql(cString(payload, 0)[0]))
      else if (type === 'P') prepared = this.#learn(payload)
      else if (type === 'B') this.#bind(payload)
      else if (type === 'E') names.push(this.#portals.get(cString(payload, 0)[0]) ?? 'EXECUTE ?')
      else if (type === 'C') this.#forget(payload)
      else if (type === 'F') names.push('FUNCTION CALL')
      else if (type === 'p') names.push('authenticate')
      else if (type === 'X') return { signature: 'disconnect', expects: 'nothing' }
      else if (type === 'd' || type === 'c' || type === 'f') names[0] = 'COPY data'
    }
    const signature = names.length > 0 ? names.slice(0, 4).join('; ') : nameOfRest(prepared)
    return { signature, expects: 'reply' }
  }

  beginReply(signature: string): void {
    if (signature === 'encryption?') this.replies.negotiating = true
  }

  endReply(): 'answer' | 'more' | 'opaque' {
    const { end } = this.replies
    if (end === 'S' || end === 'G!') return 'opaque'
    if (end === 'N') this.requests.restart()
    if (end === 'G') {
      this.requests.copying = this.#extended ? 'extended' : 'simple'
      return 'more'
    }
    return 'answer'
  }

  finishReply(): boolean {
    return false
  }

  continues(first: number): boolean {
    return first === 0x64 || first === 0x63 || first === 0x66
  }

  standsAlone(signature: string): boolean {
    return !standing.has(signature) && !signature.includes('COPY')
  }

  summarise(part: 'request' | 'reply', head: Buffer): string {
    const texts: string[] = []
    for (const { type, payload } of messagesInHead(head)) {
      if (part === 'reply') {
        if (type === 'E') texts.push(errorFields(payload).message)
        else if (type === 'C') texts.push(cString(payload, 0)[0])
      } else if (type === 'Q') texts.push(cString(payload, 0)[0])
      else if (type === 'P') texts.push(cString(payload, cString(payload, 0)[1])[0])
      else if (type === 'B') texts.push(`[${boundValues(payload).join(', ')}]`)
    }
    // The values are more useful than the end of a long text.
    return excerpt(texts.map((text) => excerpt(text, 110)).join(' '))
  }

  statusOf(head: Buffer): string {
    let status = ''
    for (const { type, payload } of messagesInHead(head)) {
      if (type === 'E') return `ERROR ${errorFields(payload).code}`
      if (type === 'C') status = cString(payload, 0)[0]
    }
    return status
  }

  /** `40001 could not serialize access`: an SQLSTATE and a message. */
  errorReply(text: string): Buffer {
    const match = /^([0-9A-Z]{5})(?:\s+(.*))?$/s.exec(text)
    if (match === null)
      throw new InputError(`replace: "${text}" is not a valid Postgres error.`, {
        remedy: 'Begin with an SQLSTATE of five characters: "40001 could not serialize access".',
      })
    const message = match[2] ?? 'injected error'
    const fields = Buffer.from(`SERROR\0VERROR\0C${match[1]}\0M${message}\0\0`)
    const head = Buffer.from([0x45, 0, 0, 0, 0])
    head.writeInt32BE(fields.length + 4, 1)
    // An error in a transaction leaves the transaction failed until the client rolls back.
    const status = this.transactionOpen ? 'E' : 'I'
    return Buffer.concat([head, fields, Buffer.from(`Z\0\0\0\x05${status}`, 'latin1')])
  }

  #describeStartup(): Described {
    switch (this.requests.startupCode) {
      case sslRequest:
      case gssRequest:
        return { signature: 'encryption?', expects: 'reply' }
      case cancelRequest:
        return { signature: 'cancel', expects: 'nothing' }
      default:
        return { signature: 'connect', expects: 'reply' }
    }
  }

  #learn(payload: Buffer): string {
    const [name, at] = cString(payload, 0)
    const signature = nameOfSql(cString(payload, at)[0])
    if (this.#statements.size >= statementsMax) this.#statements.clear()
    this.#statements.set(name, signature)
    return signature
  }

  #bind(payload: Buffer): void {
    const [portal, at] = cString(payload, 0)
    const [statement] = cString(payload, at)
    const signature = this.#statements.get(statement) ?? `EXECUTE ${statement || '?'}`
    if (this.#portals.size >= statementsMax) this.#portals.clear()
    this.#portals.set(portal, signature)
  }

  #forget(payload: Buffer): void {
    const kind = payload[0]
    const [name] = cString(payload, 1)
    if (kind === 0x53) this.#statements.delete(name)
    else this.#portals.delete(name)
  }
}

/** A unit that executes nothing. */
function nameOfRest(prepared: string): string {
  return prepared === '' ? 'SYNC' : `PREPARE ${prepared}`
}
