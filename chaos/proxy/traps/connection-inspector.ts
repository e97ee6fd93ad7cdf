import { messageOf } from '#chaos/lib/errors.ts'

import type { InspectedConnection, InspectionHost, Inspector, Stream } from '../plane/inspector.ts'
import { ProtocolError } from '../protocols/framer.ts'
import { Conversation } from './conversation.ts'
import type { Exchange } from './exchange.ts'
import { springTraps } from './held-message.ts'
import { dialectFor, type Joined, Joining } from './joining.ts'
import type { BodyStop, LinkWatch } from './link-watch.ts'
import type { ReaderHost } from './reader-host.ts'
import { ReplyReader } from './reply-reader.ts'
import { RequestReader } from './request-reader.ts'
import { sendInTurn } from './send-in-turn.ts'
import { Side } from './side.ts'
import { TakenMessage } from './taken-message.ts'
import type { Trap } from './trap.ts'

/** An incomplete message is judged by its beginning after this time, so that garbage never stalls a link. */
const requestPatienceMs = 250
const replyPatienceMs = 1_000

/** Pairs requests with replies on one connection, springs traps and reports exchanges. */
export class ConnectionInspector implements Inspector, ReaderHost {
  readonly #connection: InspectedConnection
  readonly #host: InspectionHost
  readonly #watch: LinkWatch
  readonly #up: Side
  readonly #down: Side
  #mode: 'joining' | 'reading' | 'passing' | 'mute' | 'gone' = 'joining'
  #joining: Joining | undefined
  #conversation: Conversation | undefined
  #requests: RequestReader | undefined
  #replies: ReplyReader | undefined
  #leaving = false
  /** Above 0 while a chunk is read: leaving then would lose the rest of it. */
  #busy = 0
  readonly #goneListeners = new Set<() => void>()
  /** Each lets a paused reply go on. */
  readonly #paused = new Set<() => void>()

  constructor(connection: InspectedConnection, watch: LinkWatch, host: InspectionHost) {
    this.#connection = connection
    this.#watch = watch
    this.#host = host
    this.#up = new Side(
      'upstream',
      connection,
      { start: () => host.after(requestPatienceMs, () => this.#late(this.#requests)) },
      () => this.#drained(this.#up),
    )
    this.#down = new Side(
      'downstream',
      connection,
      { start: () => host.after(replyPatienceMs, () => this.#late(this.#replies)) },
      () => this.#drained(this.#down),
    )
    const protocol = connection.protocol ?? 'http'
    if (connection.fromStart) this.#join({ dialect: dialectFor(protocol), awaitsReply: false })
    else {
      this.lostCount()
      this.#join(this.#joining?.now(host.now()))
    }
  }

  upstream(chunk: Buffer): void {
    if (this.#up.holding) this.#up.wait(chunk)
    else this.#take(this.#up, chunk)
  }

  downstream(chunk: Buffer): void {
    if (this.#down.holding) this.#down.wait(chunk)
    else this.#take(this.#down, chunk)
  }

  ended(stream: Stream): void {
    if (this.#mode === 'mute') return
    const side = stream === 'upstream' ? this.#up : this.#down
    side.closed = true
    this.#endIfDone(side)
  }

  leave(): void {
    this.#leaving = true
    for (const resume of this.#paused) resume()
    for (const { outbox } of [this.#up, this.#down]) outbox.releaseHeld()
    this.#leaveIfDone()
  }

  closed(): void {
    this.#conversation?.ended({ wasRead: this.#mode === 'reading' || this.#mode === 'mute' })
    this.#mode = 'gone'
    this.#up.abandon()
    this.#down.abandon()
    for (const listener of this.#goneListeners) listener()
    this.#goneListeners.clear()
    this.#paused.clear()
  }

  hold(
    traps: readonly Trap[],
    exchange: Exchange,
    phase: 'before' | 'after',
    side: Side,
    parts: readonly Buffer[],
    rest: Buffer,
  ): void {
    side.holding = true
    side.waitFirst(rest)
    const drop = (): void => {
      for (const part of parts) this.#connection.drop(side.stream, part.length)
    }
    const gone = springTraps(
      traps,
      {
        link: this.#connection.link,
        connection: this.#connection.id,
        addresses: this.#connection.addresses,
        exchange,
        phase,
        deliver: () => {
          for (const part of parts) side.forward(part)
          if (phase === 'before') exchange.requestedAtMs = this.#host.now()
          this.#resume(side)
        },
        cut: () => this.#connection.cut(),
        silence: () => {
          this.#mode = 'mute'
          this.#connection.silence()
        },
        replace: (text) => {
          drop()
          side.swallowing = side.unitBytes > 0
          const reply = this.#conversation?.dialect.errorReply(text)
          if (phase === 'before') exchange.replacement = reply
          else if (reply !== undefined) this.#down.outbox.inject(reply)
          this.giveReplacements()
          this.#resume(side)
        },
      },
      this.#host,
    )
    // The message is still held, so the trap must learn when the connection ends.
    if (side.holding) this.#goneListeners.add(gone)
  }

  pause(side: Side, stop: BodyStop, parts: readonly Buffer[], rest: Buffer): void {
    side.holding = true
    side.waitFirst(rest)
    const resume = (): void => {
      if (!this.#paused.delete(resume)) return
      for (const part of parts) side.forward(part)
      this.#resume(side)
    }
    this.#paused.add(resume)
    stop.reached(resume)
  }

  take(exchange: Exchange, side: Side, parts: readonly Buffer[]): void {
    const conversation = this.#conversation
    if (conversation === undefined || sendInTurn(exchange, side, parts)) return
    const message = new TakenMessage(exchange, parts, side, conversation, this.#connection.id)
    if (this.#leaving) message.release()
    else this.#watch.messages?.taken(message)
  }

  tooLong(): void {
    this.#connection.cut()
  }

  nameEarly(exchange: Exchange): void {
    this.#requests?.nameEarly(exchange)
  }

  lostCount(): void {
    const { protocol, recent } = this.#connection
    this.#conversation?.unreadable()
    this.#up.forwardPending()
    for (const { outbox } of [this.#up, this.#down]) outbox.releaseAll()
    this.#mode = 'joining'
    this.#joining = new Joining(protocol ?? 'http', recent, this.#host.now())
  }

  unreadable(detail: string): never {
    throw new ProtocolError(detail)
  }

  giveReplacements(): void {
    const waiting = this.#conversation?.waiting ?? []
    while (!this.#down.holding && this.#down.unitBytes === 0) {
      const [exchange] = waiting
      if (exchange?.replacement === undefined) return
      const reply = exchange.replacement
      this.#down.outbox.inject(reply)
      this.#connection.answered(reply)
      this.#conversation?.replied(exchange, reply, reply.length, {
        behind: 0,
        isHeld: false,
        more: false,
      })
    }
  }

  #take(side: Side, chunk: Buffer): void {
    if (this.#mode === 'joining' && side === this.#up) this.#tryToJoin(chunk)
    if (this.#mode === 'reading') {
      const reader = side === this.#up ? this.#requests : this.#replies
      this.#guard(side, () => reader?.read(chunk))
    } else if (this.#mode === 'mute') this.#connection.drop(side.stream, chunk.length)
    else if (this.#mode !== 'gone') {
      side.forwardPending()
      side.forward(chunk)
      this.#joining?.passed(side.stream, chunk, this.#host.now())
    }
  }

  #tryToJoin(chunk: Buffer): void {
    // Text that is not the beginning of a request is the rest of one.
    const http = this.#connection.protocol === 'http'
    if (http && !/^[A-Z]{3,10} /.test(chunk.toString('latin1', 0, 12))) return
    this.#join(this.#joining?.now(this.#host.now()))
  }

  #join(joined: Joined | undefined): void {
    if (joined === undefined) return
    const conversation = new Conversation(joined.dialect, this.#watch, this.#connection, this.#host)
    if (joined.awaitsReply) conversation.expectUnknown()
    this.#conversation = conversation
    this.#up.endUnit()
    this.#down.endUnit()
    this.#requests = new RequestReader(this.#up, conversation, this)
    this.#replies = new ReplyReader(this.#down, conversation, this)
    this.#mode = 'reading'
    this.#joining = undefined
  }

  #late(reader: RequestReader | ReplyReader | undefined): void {
    const side = reader === this.#requests ? this.#up : this.#down
    if (this.#mode === 'reading' && !side.holding) this.#guard(side, () => reader?.late())
    else if (!side.holding) side.forwardPending()
  }

  /** An error while reading makes the connection opaque; its bytes still pass. */
  #guard(side: Side, read: () => void): void {
    this.#busy += 1
    try {
      read()
    } catch (error) {
      side.forwardRest()
      this.#mode = 'passing'
      for (const { outbox } of [this.#up, this.#down]) outbox.releaseAll()
      this.#conversation?.unreadable()
      // A page that only watches must leave no trace in the events.
      if (!this.#watch.onlyCounts) this.#connection.opaque(messageOf(error))
    } finally {
      this.#busy -= 1
    }
    this.#leaveIfDone()
  }

  #resume(side: Side): void {
    side.holding = false
    if (this.#mode === 'reading' && side === this.#down) this.giveReplacements()
    while (!side.holding) {
      const chunk = side.nextWaiting()
      if (chunk === undefined) break
      this.#take(side, chunk)
    }
    this.#endIfDone(side)
    this.#leaveIfDone()
  }

  #endIfDone(side: Side): void {
    if (side.closed && side === this.#down && !side.holding && this.#mode === 'reading')
      this.#guard(side, () => this.#replies?.close())
    side.endIfDone()
  }

  /** The last message that a toxic held has left. */
  #drained(side: Side): void {
    this.#endIfDone(side)
    this.#leaveIfDone()
  }

  /** The rest of a replaced message must still be dropped, or a reply must still be changed. */
  get #owes(): boolean {
    if (this.#mode !== 'reading') return false
    if (this.#up.swallowing || this.#down.swallowing) return true
    return this.#conversation?.owes === true
  }

  #leaveIfDone(): void {
    if (this.#busy > 0 || this.#mode === 'gone' || this.#mode === 'mute') return
    if (!this.#leaving && this.#mode !== 'passing') return
    for (const side of [this.#up, this.#down]) if (!side.holding) side.forwardPending()
    if (!this.#up.empty || !this.#down.empty || this.#owes) return
    this.#mode = 'gone'
    this.#connection.left()
  }
}
