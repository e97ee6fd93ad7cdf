import type { Conversation } from './conversation.ts'
import { type Exchange, isOrdered } from './exchange.ts'
import type { BodyStop } from './link-watch.ts'
import type { ReaderHost } from './reader-host.ts'
import type { Side } from './side.ts'

/** A reply that a trap waits for is judged when this much of it has come. */
const replyMax = 1024 * 1024

/** A reply that must wait for another one is whole or its connection ends: the rest of it cannot stream. */
const orderedMax = 4 * 1024 * 1024

const nothing = Buffer.alloc(0)

/** Reads the replies of the callee, and holds those that spring a trap. */
export class ReplyReader {
  readonly #side: Side
  readonly #conversation: Conversation
  readonly #host: ReaderHost
  #exchange: Exchange | undefined
  /** The reply hook was called for the current reply, and what it returned. */
  #hooked = false
  #stopAt: BodyStop | undefined

  constructor(side: Side, conversation: Conversation, host: ReaderHost) {
    this.#side = side
    this.#conversation = conversation
    this.#host = host
  }

  read(chunk: Buffer): void {
    const side = this.#side
    const { dialect, waiting } = this.#conversation
    side.begin(chunk)
    let at = 0
    let wanted = false
    while (at < chunk.length) {
      const from = at
      const exchange = waiting[0]
      if (exchange === undefined && !dialect.speaksUnasked) {
        at = chunk.length
        break
      }
      this.#begin(exchange)
      wanted = this.#conversation.wantsReply(exchange) || this.#conversation.takesReply(exchange)
      at = dialect.replies.scan(chunk, at)
      side.took(from, at, dialect.replies.ended)
      if (side.swallowing) side.swallow(from, at)
      else if (exchange !== undefined && this.#stopInBody(exchange, at, chunk)) return
      const judged = dialect.replies.ended || (wanted && side.unitBytes >= replyMax)
      if (exchange !== undefined && isOrdered(exchange) && side.unitBytes > orderedMax) {
        this.#host.tooLong()
        return
      }
      if (judged && this.#finish(exchange, at, chunk)) return
      if (dialect.replies.ended) wanted = false
    }
    side.pass(at, wanted && side.unitBytes > 0)
  }

  /** The rest has not come in time. The server has executed the request, so the reply is judged by its beginning. */
  late(): void {
    const exchange = this.#exchange
    if (exchange === undefined || this.#side.unitBytes === 0 || isOrdered(exchange)) return
    this.#side.begin(nothing)
    if (!this.#stop(exchange, 0, nothing)) this.#side.forwardPending()
  }

  /** The server has closed, which ends a reply without a length. */
  close(): void {
    const exchange = this.#conversation.waiting[0]
    if (exchange === undefined || !this.#conversation.dialect.finishReply()) return
    this.#side.begin(nothing)
    this.#finish(exchange, 0, nothing)
  }

  #begin(exchange: Exchange | undefined): void {
    if (this.#side.unitBytes > 0 && exchange === this.#exchange) return
    this.#exchange = exchange
    this.#hooked = false
    this.#stopAt = undefined
    if (exchange?.signature === '') this.#host.nameEarly(exchange)
    this.#conversation.dialect.beginReply(exchange?.signature ?? '')
    if (exchange?.copy === true) this.#side.swallowing = true
  }

  /** Asks the reply hook where to stop, and stops there; true when the rest of the chunk must wait. */
  #stopInBody(exchange: Exchange, at: number, chunk: Buffer): boolean {
    const side = this.#side
    const { dialect, watch } = this.#conversation
    const { replies, replyBodyBytes } = dialect
    if (watch.onReply === undefined || replyBodyBytes === 0) return false
    if (!this.#hooked) {
      this.#hooked = true
      const { signature } = exchange
      this.#stopAt = watch.onReply({ signature, status: dialect.statusOf(side.head()) })
    }
    const stop = this.#stopAt
    if (stop === undefined) return false
    const passes = replies.ended ? Math.min(stop.afterBytes, replyBodyBytes - 1) : stop.afterBytes
    if (replyBodyBytes <= passes) return false
    this.#stopAt = undefined
    side.pass(at - (replyBodyBytes - passes), false)
    const parts = side.cutOut(at)
    if (replies.ended) {
      dialect.endReply()
      this.#conversation.replied(exchange, side.head(), side.unitBytes, {
        behind: chunk.length - at + side.queuedBytes,
        isHeld: true,
        more: false,
      })
      side.endUnit()
    }
    this.#host.pause(side, stop, parts, chunk.subarray(at))
    return true
  }

  /** Returns true when the rest of the chunk must not be read now: the reply is held, or the pairs are wrong. */
  #finish(exchange: Exchange | undefined, at: number, chunk: Buffer): boolean {
    const side = this.#side
    const { dialect } = this.#conversation
    if (!dialect.replies.ended) {
      if (exchange === undefined || isOrdered(exchange)) return false
      return this.#stop(exchange, at, chunk)
    }
    const kind = dialect.endReply()
    if (kind === 'push' || exchange === undefined) {
      side.forwardPending()
      side.endUnit()
      if (kind === 'push') return false
      this.#host.lostCount()
      side.pass(chunk.length, false)
      return true
    }
    const head = side.head()
    const takes =
      kind === 'answer' &&
      !side.swallowing &&
      this.#conversation.takesReply(exchange) &&
      side.holdsWhole(at)
    const traps = side.swallowing ? [] : this.#conversation.judge(exchange, head)
    this.#conversation.replied(exchange, head, side.unitBytes, {
      behind: chunk.length - at + side.queuedBytes,
      isHeld: traps.length > 0 || takes,
      more: kind === 'more',
    })
    if (traps.length > 0) {
      const parts = side.cutOut(at)
      side.endUnit()
      this.#host.hold(traps, exchange, 'after', side, parts, chunk.subarray(at))
      return true
    }
    if (takes) {
      const parts = side.cutOut(at)
      side.endUnit()
      this.#host.take(exchange, side, parts)
      return false
    }
    side.forwardPending()
    side.endUnit()
    if (kind === 'opaque') this.#host.unreadable('the protocol changes')
    if (this.#conversation.waiting[0]?.replacement !== undefined) {
      side.pass(at, false)
      this.#host.giveReplacements()
    }
    return false
  }

  /** Judges a reply that is not whole; true when it is held. */
  #stop(exchange: Exchange, at: number, chunk: Buffer): boolean {
    if (this.#conversation.takesReply(exchange)) this.#conversation.watch.messages?.tooLong?.()
    const traps = this.#conversation.judge(exchange, this.#side.head())
    if (traps.length === 0) return false
    const parts = this.#side.cutOut(at)
    this.#host.hold(traps, exchange, 'after', this.#side, parts, chunk.subarray(at))
    return true
  }
}
