import type { InspectedConnection, InspectionHost, MessageTiming } from '../plane/inspector.ts'
import type { Dialect } from '../protocols/dialect.ts'
import { keysIn, workloadKeysIn } from '../protocols/keys.ts'
import type { Exchange } from '../traps/exchange.ts'
import type { MessageKeeper, RecordedMessage } from './recorded-message.ts'

/** Keys are near the beginning of a message. */
const searchedBytes = 4_096
const keysMax = 32

const none: readonly string[] = []

/** Where the current message ends: how many bytes the inspector has received after it, and whether it passes on at once. */
export interface MessageEnd {
  readonly behind: number
  /** The message waits: a trap or a toxic decides. */
  readonly isHeld: boolean
}

export type FlowConnection = Pick<InspectedConnection, 'id' | 'link' | 'protocol'>

/**
 * Records the messages of one connection that carry a key. It finds the keys itself: what a trap looks for does not depend on
 * whether a run is recorded.
 */
export class FlowRecorder {
  readonly #connection: FlowConnection
  readonly #recording: MessageKeeper
  readonly #timing: MessageTiming
  readonly #host: Pick<InspectionHost, 'now'>
  readonly #dialect: Dialect
  /** Flows that the connection's open database transaction belongs to. */
  #session = none

  constructor(
    connection: FlowConnection,
    recording: MessageKeeper,
    timing: MessageTiming,
    host: Pick<InspectionHost, 'now'>,
    dialect: Dialect,
  ) {
    this.#connection = connection
    this.#recording = recording
    this.#timing = timing
    this.#host = host
    this.#dialect = dialect
  }

  named(exchange: Exchange, head: Buffer): void {
    const own = this.#flowsIn(head)
    exchange.flows = own.length > 0 ? own : this.#session
    if (own.length > 0 && this.#dialect.remembers) this.#remember(own)
  }

  requested(exchange: Exchange, head: Buffer, bytes: number, end: MessageEnd): void {
    const nowMs = this.#host.now()
    const belongs = exchange.flows.length > 0
    const message: RecordedMessage = {
      ...this.#message(exchange, 'request', nowMs),
      bytes,
      sentMs: nowMs,
    }
    exchange.recorded = message
    if (end.isHeld || this.#timing.isDelayed('upstream'))
      this.#timing.whenGone('upstream', end.behind, (passed) => this.#gone(message, passed))
    else message.deliveredMs = nowMs
    // The reply may say to which flow it belongs.
    if (!belongs) return
    message.summary = this.#dialect.summarise('request', head)
    this.#add(message, exchange.flows)
  }

  /** Enough of the reply has come. */
  judged(exchange: Exchange, head: Buffer): void {
    const { flows, recorded } = exchange
    // A reply can bring the next job of a worker, although the request is about another one.
    if (flows.length > 0 && this.#connection.protocol !== 'redis') return
    const more = this.#flowsIn(head).filter((flow) => !flows.includes(flow))
    if (more.length === 0) return
    exchange.flows = [...flows, ...more]
    if (this.#dialect.transactionOpen) this.#remember(more)
    if (recorded === undefined) return
    if (flows.length === 0) this.#add(recorded, exchange.flows)
    else recorded.otherTransactions = exchange.flows.slice(1)
  }

  /** The whole reply has come. */
  replied(exchange: Exchange, head: Buffer, bytes: number, end: MessageEnd): void {
    if (exchange.flows.length > 0 && !exchange.copy) {
      const nowMs = this.#host.now()
      const { isHeld, behind } = end
      const forwardedMs = exchange.recorded?.deliveredMs ?? exchange.requestedAtMs
      const delayed = this.#timing.isDelayed('downstream')
      const message: RecordedMessage = {
        ...this.#message(exchange, 'reply', nowMs),
        bytes,
        sentMs: (delayed ? this.#timing.sentAt(behind) : undefined) ?? nowMs,
        summary: this.#dialect.summarise('reply', head),
        status: this.#dialect.statusOf(head),
        ...(forwardedMs === 0 ? {} : { tookMs: nowMs - forwardedMs }),
      }
      if (isHeld || delayed)
        this.#timing.whenGone('downstream', behind, (passed) => this.#gone(message, passed))
      else message.deliveredMs = nowMs
      this.#add(message, exchange.flows)
    }
    if (!this.#dialect.transactionOpen) this.#session = none
  }

  /** The connection has ended without a reply to these requests. */
  closed(waiting: readonly Exchange[]): void {
    for (const exchange of waiting) {
      const { recorded, flows } = exchange
      if (recorded === undefined || exchange.answered || exchange.copy) continue
      const why = 'the connection ended'
      if (recorded.deliveredMs === undefined) {
        lose(recorded, recorded.why ?? why)
        continue
      }
      if (flows.length === 0) continue
      const nowMs = this.#host.now()
      const sentMs = this.#timing.sentNextAt()
      const message: RecordedMessage = {
        ...this.#message(exchange, 'reply', nowMs),
        bytes: 0,
        ...(sentMs === undefined ? {} : { sentMs }),
        lost: true,
        why,
      }
      this.#add(message, flows)
    }
  }

  #message(
    exchange: Exchange,
    part: RecordedMessage['part'],
    atMs: number,
  ): Omit<RecordedMessage, 'bytes'> {
    return {
      type: 'exchange',
      link: this.#connection.link,
      connection: this.#connection.id,
      exchange: exchange.number,
      part,
      signature: exchange.signature,
      atMs,
    }
  }

  #gone(message: RecordedMessage, passed: boolean): void {
    if (message.deliveredMs !== undefined || message.lost === true) return
    if (passed) message.deliveredMs = this.#host.now()
    else lose(message, 'it was dropped on the link')
  }

  #add(message: RecordedMessage, [transaction, ...others]: readonly string[]): void {
    if (transaction !== undefined) message.transaction = transaction
    if (others.length > 0) message.otherTransactions = others
    this.#recording.add(message)
  }

  #flowsIn(head: Buffer): readonly string[] {
    const text = head.toString('latin1', 0, Math.min(head.length, searchedBytes))
    const found =
      this.#connection.protocol === 'http' ? keysIn(text) : workloadKeysIn(text, keysMax)
    return found.length === 0 ? none : found
  }

  #remember(flows: readonly string[]): void {
    this.#session = [...new Set([...this.#session, ...flows])]
  }
}

function lose(message: RecordedMessage, why: string): void {
  message.lost = true
  message.why = why
}
