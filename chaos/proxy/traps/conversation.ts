import type { ExchangeEvent } from '#chaos/contracts/links.ts'

import type { InspectionHost, MessageTiming } from '../plane/inspector.ts'
import type { Dialect } from '../protocols/dialect.ts'
import { ProtocolError } from '../protocols/framer.ts'
import { type FlowConnection, FlowRecorder, type MessageEnd } from '../recording/flow-recorder.ts'
import { type Exchange, isOrdered, newExchange } from './exchange.ts'
import type { LinkWatch } from './link-watch.ts'
import type { Trap } from './trap.ts'

const none: readonly Trap[] = []

/** Where a reply ends, and whether the server waits for data after it. */
export interface ReplyEnd extends MessageEnd {
  readonly more: boolean
}

/** The exchanges of one connection: requests, their transactions and their replies. It holds no bytes in flight. */
export class Conversation {
  readonly dialect: Dialect
  readonly watch: LinkWatch
  /** Requests that have no reply yet, oldest first. */
  readonly waiting: Exchange[] = []
  readonly #connection: FlowConnection
  /** Only while a recording is played back. */
  readonly #recorder: FlowRecorder | undefined
  readonly #host: InspectionHost
  /** Business transactions that the connection's open database transaction belongs to. */
  #session: readonly string[] = []
  /** The server waits for data (COPY) and will reply once more after it. */
  #awaited: Exchange | undefined
  #count = 0

  constructor(
    dialect: Dialect,
    watch: LinkWatch,
    connection: FlowConnection & { readonly timing?: MessageTiming },
    host: InspectionHost,
  ) {
    this.dialect = dialect
    this.watch = watch
    this.#connection = connection
    this.#host = host
    const { timing } = connection
    if (watch.recording !== undefined && timing !== undefined)
      this.#recorder = new FlowRecorder(connection, watch.recording, timing, host, dialect)
  }

  /** A request passed before the connection was read; its reply is still to come. */
  expectUnknown(): void {
    const exchange = this.#add()
    exchange.signature = '?'
  }

  /** A replacement must still be sent, the reply to a copy dropped, or replies brought into their sequence. */
  get owes(): boolean {
    return this.waiting.some(
      (exchange) => exchange.copy || exchange.replacement !== undefined || isOrdered(exchange),
    )
  }

  /** The request was sent twice: a second reply follows, and the caller must not receive it. */
  expectCopy(original: Exchange): void {
    const copy = this.#add()
    copy.signature = original.signature
    copy.copy = true
  }

  /** Whether these two requests follow each other, and do not build on each other. */
  mayReverse(earlier: Exchange, later: Exchange): boolean {
    const at = this.waiting.indexOf(earlier)
    return at !== -1 && this.waiting[at + 1] === later && this.dialect.requestsAreIndependent
  }

  /** The callee receives these two requests in reverse sequence; the caller must not notice it. */
  reverse(earlier: Exchange, later: Exchange): void {
    this.waiting.splice(this.waiting.indexOf(earlier), 2, later, earlier)
    later.overtook = earlier
  }

  /** A toxic takes this request when it is whole. */
  takesRequest({ signature }: Exchange): boolean {
    return this.watch.messages?.wants('upstream', signature) === true
  }

  /** A toxic takes the reply to this request when it is whole, or another reply must be sent before it. */
  takesReply(exchange: Exchange | undefined): boolean {
    if (exchange === undefined || exchange.copy) return false
    if (isOrdered(exchange)) return true
    if (exchange.judged) return false
    return this.watch.messages?.wants('downstream', exchange.signature) === true
  }

  /** A request unit begins with this byte. */
  begin(first: number): Exchange {
    const awaited = this.#awaited
    this.#awaited = undefined
    if (awaited !== undefined && (!awaited.answered || this.dialect.continues(first)))
      return awaited
    return this.#add()
  }

  /** Names a request. Returns the traps that spring on it before it is forwarded. */
  name(exchange: Exchange, head: Buffer): readonly Trap[] {
    const { signature, expects } = this.dialect.describe(head)
    exchange.signature = signature
    if (expects === 'opaque') throw new ProtocolError(`${signature}: replies have no request`)
    if (expects === 'nothing') {
      const at = this.waiting.indexOf(exchange)
      if (at !== -1) this.waiting.splice(at, 1)
    }
    if (this.watch.searches) this.#tagRequest(exchange, head)
    this.#recorder?.named(exchange, head)
    const concerned = this.watch.concerned(signature)
    for (const trap of concerned.waiting) trap.passed(exchange.tags)
    return fired(concerned.before, exchange)
  }

  /** The whole request has been read. */
  requested(exchange: Exchange, head: Buffer, bytes: number, end: MessageEnd): void {
    exchange.requestedAtMs = this.#host.now()
    // A request without a reply, such as the end of a Postgres connection, does not wait.
    if (this.watch.counts !== undefined && this.waiting.includes(exchange)) {
      exchange.counts = this.watch.counts
      exchange.counts.requested(exchange)
    }
    this.#recorder?.requested(exchange, head, bytes, end)
    this.#report(exchange, 'request', head, bytes, {})
  }

  /** Some trap may spring on the reply to this request. */
  wantsReply(exchange: Exchange | undefined): boolean {
    if (exchange === undefined || exchange.judged) return false
    return this.watch.concerned(exchange.signature).after.some(({ state }) => state === 'armed')
  }

  /** Enough of the reply has come. Returns the traps that spring on it. */
  judge(exchange: Exchange, head: Buffer): readonly Trap[] {
    this.#recorder?.judged(exchange, head)
    if (exchange.judged) return none
    exchange.judged = true
    if (this.watch.searches && exchange.tags.length === 0) this.#tagByReply(exchange, head)
    return fired(this.watch.concerned(exchange.signature).after, exchange)
  }

  /** The oldest request has its whole reply. */
  replied(exchange: Exchange, head: Buffer, bytes: number, end: ReplyEnd): void {
    const { more } = end
    this.waiting.shift()
    exchange.answered = true
    exchange.whenReplied?.()
    this.#recorder?.replied(exchange, head, bytes, end)
    const nowMs = this.#host.now()
    const tookMs = nowMs - exchange.requestedAtMs
    const { counts } = exchange
    const status = counts === undefined && !this.watch.tapped ? '' : this.dialect.statusOf(head)
    counts?.replied(exchange, status, tookMs, nowMs)
    this.#report(exchange, 'reply', head, bytes, {
      status,
      ...(exchange.requestedAtMs === 0 ? {} : { tookMs }),
    })
    if (!this.dialect.transactionOpen) this.#session = []
    if (!more) return
    const data = newExchange((this.#count += 1))
    data.signature = 'COPY data'
    data.tags = exchange.tags
    data.flows = exchange.flows
    this.waiting.unshift(data)
    this.#awaited = data
  }

  /** The connection has ended: no reply follows. */
  ended({ wasRead }: { readonly wasRead: boolean }): void {
    for (const exchange of this.waiting) exchange.counts?.lost(exchange, this.#host.now())
    if (wasRead) this.#recorder?.closed(this.waiting)
  }

  /** The connection can no longer be read: its replies cannot be recognised. */
  unreadable(): void {
    for (const exchange of this.waiting) exchange.counts?.forget(exchange)
  }

  #add(): Exchange {
    const exchange = newExchange((this.#count += 1))
    this.waiting.push(exchange)
    return exchange
  }

  #tagRequest(exchange: Exchange, head: Buffer): void {
    const own = this.watch.tagsIn(head, this.#session.length > 0)
    exchange.tags = own.length > 0 ? own : this.#session
    if (own.length > 0 && this.dialect.remembers) this.#remember(own)
  }

  /** The request carries no transaction; its reply may, such as the job that a worker receives. */
  #tagByReply(exchange: Exchange, head: Buffer): void {
    exchange.tags = this.watch.tagsIn(head, false)
    if (exchange.tags.length > 0 && this.dialect.transactionOpen) this.#remember(exchange.tags)
  }

  #remember(tags: readonly string[]): void {
    this.#session = [...new Set([...this.#session, ...tags])]
  }

  #report(
    exchange: Exchange,
    part: 'request' | 'reply',
    head: Buffer,
    bytes: number,
    more: Partial<ExchangeEvent>,
  ): void {
    if (!this.watch.tapped) return
    const [transaction, ...otherTransactions] = exchange.tags
    this.#host.emit({
      type: 'exchange',
      link: this.#connection.link,
      connection: this.#connection.id,
      exchange: exchange.number,
      part,
      signature: exchange.signature,
      bytes,
      atMs: this.#host.now(),
      summary: this.dialect.summarise(part, head),
      ...(transaction === undefined ? {} : { transaction }),
      ...(otherTransactions.length === 0 ? {} : { otherTransactions }),
      ...more,
    })
  }
}

function fired(traps: readonly Trap[], exchange: Exchange): readonly Trap[] {
  return traps.length === 0
    ? none
    : traps.filter((trap) => trap.counts(exchange.tags, exchange.signature))
}
