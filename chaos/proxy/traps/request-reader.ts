import { headMax } from '../protocols/dialect.ts'
import type { Conversation } from './conversation.ts'
import type { Exchange } from './exchange.ts'
import type { ReaderHost } from './reader-host.ts'
import type { Side } from './side.ts'

const nothing = Buffer.alloc(0)

/** Reads the requests of the caller, and holds those that spring a trap. */
export class RequestReader {
  readonly #side: Side
  readonly #conversation: Conversation
  readonly #host: ReaderHost
  #exchange: Exchange | undefined
  #named = false

  constructor(side: Side, conversation: Conversation, host: ReaderHost) {
    this.#side = side
    this.#conversation = conversation
    this.#host = host
  }

  read(chunk: Buffer): void {
    const side = this.#side
    const { requests } = this.#conversation.dialect
    side.begin(chunk)
    let at = 0
    while (at < chunk.length) {
      const from = at
      const exchange = this.#exchangeAt(chunk[at] as number)
      at = requests.scan(chunk, at)
      side.took(from, at, requests.ended)
      if (side.swallowing) side.swallow(from, at)
      else if (!this.#named && (requests.ended || requests.urgent || side.unitBytes >= headMax)) {
        const traps = this.#name(exchange)
        if (traps.length > 0) {
          const parts = side.cutOut(at)
          this.#endIfEnded(exchange, at, chunk.length - at, true)
          this.#host.hold(traps, exchange, 'before', side, parts, chunk.subarray(at))
          return
        }
        if (this.#conversation.takesRequest(exchange)) {
          if (requests.ended && side.holdsWhole(at)) {
            const parts = side.cutOut(at)
            this.#endIfEnded(exchange, at, chunk.length - at, true)
            this.#host.take(exchange, side, parts)
            continue
          }
          this.#conversation.watch.messages?.tooLong?.()
        }
        side.forwardPending()
      }
      this.#endIfEnded(exchange, at, chunk.length - at, false)
    }
    side.pass(at, !this.#named && side.unitBytes > 0 && this.#conversation.watch.holdsRequests)
  }

  /** The rest has not come in time: the request is judged by its beginning. */
  late(): void {
    const exchange = this.#exchange
    const side = this.#side
    if (exchange === undefined || this.#named) return
    side.begin(nothing)
    const traps = this.#name(exchange)
    if (this.#conversation.takesRequest(exchange)) this.#conversation.watch.messages?.tooLong?.()
    if (traps.length === 0) side.forwardPending()
    else this.#host.hold(traps, exchange, 'before', side, side.cutOut(0), nothing)
  }

  /** The server replies before the whole request has come: the request must have a name now. */
  nameEarly(exchange: Exchange): void {
    if (exchange === this.#exchange && this.#side.unitBytes > 0) this.late()
  }

  #exchangeAt(first: number): Exchange {
    if (this.#exchange === undefined || this.#side.unitBytes === 0) {
      this.#exchange = this.#conversation.begin(first)
      this.#named = false
    }
    return this.#exchange
  }

  #name(exchange: Exchange): ReturnType<Conversation['name']> {
    this.#named = true
    return this.#conversation.name(exchange, this.#side.head())
  }

  #endIfEnded(exchange: Exchange, at: number, left: number, isHeld: boolean): void {
    const { dialect, watch } = this.#conversation
    const { ended, urgent } = dialect.requests
    if (ended) {
      if (watch.tapped || watch.counts !== undefined || watch.recording !== undefined)
        this.#conversation.requested(exchange, this.#side.head(), this.#side.unitBytes, {
          behind: left + this.#side.queuedBytes,
          isHeld,
        })
      this.#side.endUnit()
      this.#exchange = undefined
    } else if (urgent && dialect.comesInParts) {
      this.#named = false
      this.#side.endPart(at)
    }
  }
}
