import type { OnReadOpts, Socket } from 'node:net'

import { systemClock } from '#chaos/lib/clock.ts'

import { stageLimitBytes } from '../toxics/lib/toxic-kind.ts'
import { type ChainNode, linkNodes, withNode } from './chain.ts'
import type { Stream } from './inspector.ts'
import { returnBulkBuffer, sharedReadBuffer, takeBulkBuffer } from './read-buffers.ts'
import type { Tail } from './tail.ts'

/** A large buffer is given back after this many reads in a row that are shorter than this. */
const smallRead = 32 * 1024
const smallReadsMax = 16

/** If all pipes together hold more than this, each pipe may hold only {@link stageLimitBytes}. */
const heldInProcessMax = 256 * 1024 * 1024
let heldInProcess = 0

const noNodes: readonly ChainNode[] = []
const noMarks: Mark[] = []

/** Beyond this, the oldest arrivals are forgotten. */
const arrivalsMax = 4_096

/** A position in the stream of the source. */
interface Mark {
  readonly at: number
  readonly run: (passed: boolean) => void
}

interface Arrival {
  readonly received: number
  readonly atMs: number
}

/**
 * One direction of a connection: copies bytes from the source socket to the sink socket.
 *
 * Without stages: a small read fills part of the buffer that all pipes share, and its bytes are copied out. A read that
 * fills the whole shared buffer means bulk data: the pipe then takes a large buffer and writes from it without a copy. The
 * kernel uses that buffer during a write, so the pipe does not read meanwhile. With stages every chunk is a copy, which the
 * stages own.
 */
export class Pipe {
  readonly stream: Stream
  /** Bytes read from the source. */
  received = 0
  /** Bytes given to the sink's socket. */
  sent = 0
  /** The source has sent its FIN. */
  ended = false
  /** The last bytes that passed; kept only on links with a protocol. */
  tail: Tail | null = null
  #source: Socket | null = null
  #sink: Socket | null = null
  #nodes = noNodes
  #first: ChainNode | null = null
  #held = 0
  #limitBytes = stageLimitBytes
  #bulk: Buffer | null = null
  #smallReads = 0
  /** The source is paused. */
  #stopped = false
  /** The sink's write queue is full. */
  #blocked = false
  /** The kernel is writing from the large buffer. */
  #lent = false
  #discarding = false
  /** Dropped bytes less those that a stage added: with `sent`, a position in the stream of the source. */
  #dropped = 0
  #marks: Mark[] = noMarks
  /** When bytes arrived, as long as stages delay them; undefined: not wanted. */
  #arrivals: Arrival[] | undefined

  constructor(stream: Stream) {
    this.stream = stream
  }

  /** Options of the source's socket: how it reads. */
  onread(): OnReadOpts {
    return {
      buffer: () => this.#bulk ?? sharedReadBuffer,
      callback: (bytes, buffer) => this.#read(bytes, buffer as Buffer),
    }
  }

  /** Call when both sockets exist and before the source is resumed. `ended` is called at the source's FIN. */
  connect(source: Socket, sink: Socket, ended: () => void): void {
    this.#source = source
    this.#sink = sink
    source.on('end', () => {
      this.#sourceEnded()
      ended()
    })
    sink.on('drain', () => {
      this.#blocked = false
      this.#resumeIfFree()
    })
  }

  get nodes(): readonly ChainNode[] {
    return this.#nodes
  }

  /** Bytes of the source that have left the pipe: written, or dropped. */
  get gone(): number {
    return this.sent + this.#dropped
  }

  /**
   * Calls `run` once, when all bytes of the source up to this position have left the pipe: `true` if the last one was written,
   * `false` if it was dropped.
   */
  whenGone(at: number, run: (passed: boolean) => void): void {
    if (this.gone >= at) {
      run(true)
      return
    }
    if (this.#marks === noMarks) this.#marks = []
    this.#marks.push({ at, run })
  }

  /** Keeps the times at which bytes arrive, for {@link arrivedAt}. */
  keepArrivals(keep: boolean): void {
    this.#arrivals = keep ? (this.#arrivals ?? []) : undefined
  }

  /** When the byte at this position of the source's stream arrived; undefined: not known. */
  arrivedAt(position: number): number | undefined {
    const arrivals = this.#arrivals
    if (arrivals === undefined) return undefined
    const index = arrivals.findIndex(({ received }) => received >= position)
    if (index > 0) arrivals.splice(0, index)
    return index === -1 ? undefined : arrivals[0]?.atMs
  }

  /** Inserts the stage; bytes that arrive from now on go through it. */
  insert(node: ChainNode): void {
    this.#relink(withNode(this.#nodes, node))
  }

  /** Bytes that arrive from now on bypass the stage. It must have passed on what it held. */
  remove(node: ChainNode): void {
    this.#relink(this.#nodes.filter((other) => other !== node))
    node.retire()
    this.#resumeIfFree()
  }

  /** Writes bytes that the chain held until now. */
  writeHeld(chunk: Buffer): void {
    if (this.#sinkEnded()) {
      this.dropped(chunk.length)
      return
    }
    this.#hold(-chunk.length)
    this.#count(chunk, chunk.length)
    if (this.#sink?.write(chunk) === false) this.#blocked = true
    if (this.#marks.length > 0) this.#reachMarks(true)
    this.#resumeIfFree()
  }

  /** Held bytes that will never be passed on. */
  dropped(bytes: number): void {
    this.#hold(-bytes)
    this.#dropped += bytes
    if (this.#marks.length > 0) this.#reachMarks(false)
    this.#resumeIfFree()
  }

  /** Bytes that a stage created: they are held until they are written. */
  added(bytes: number): void {
    this.#hold(bytes)
    this.#dropped -= bytes
  }

  /** Sends FIN to the sink, after all written bytes. */
  end(): void {
    const sink = this.#sink
    if (sink === null || this.#sinkEnded()) return
    // The other direction has also ended and no write is pending: a close has the effect of a FIN and saves a system call.
    if (sink.readableEnded && sink.writableLength === 0) sink.destroy()
    else sink.end()
  }

  /** Removes all stages and drops what they hold. */
  clear(): void {
    const nodes = this.#nodes
    this.#relink([])
    this.#dropped += this.#held
    this.#hold(-this.#held)
    for (const node of nodes) node.retire()
    if (this.#marks.length > 0) this.#reachMarks(false)
  }

  /** Reads and drops all further bytes: to close a socket with unread bytes would send RST. */
  discard(): void {
    this.#discarding = true
    this.clear()
    this.#source?.resume()
  }

  /** Call when the sockets are closed. */
  release(): void {
    this.clear()
    if (this.#bulk !== null) returnBulkBuffer(this.#bulk, !this.#lent)
    this.#bulk = null
  }

  #relink(nodes: readonly ChainNode[]): void {
    this.#nodes = nodes
    this.#first = linkNodes(nodes)
    this.#limitBytes = Math.max(...nodes.map(({ stage }) => stage.limitBytes ?? stageLimitBytes), 0)
  }

  #read(bytes: number, buffer: Buffer): boolean {
    this.received += bytes
    if (this.#discarding) return true
    if (this.#first !== null) return this.#readForStages(this.#first, bytes, buffer)
    if (this.#sinkEnded()) {
      this.#dropped += bytes
      return true
    }
    this.#count(buffer, bytes)
    return buffer === this.#bulk ? this.#lend(bytes, buffer) : this.#copy(bytes, buffer)
  }

  #readForStages(first: ChainNode, bytes: number, buffer: Buffer): boolean {
    this.#hold(bytes)
    if (this.#arrivals !== undefined) this.#keepArrival(this.#arrivals)
    first.chunk(this.#own(bytes, buffer))
    this.#stopped = this.#mustWait()
    return !this.#stopped
  }

  #copy(bytes: number, buffer: Buffer): boolean {
    if (bytes === sharedReadBuffer.length && buffer === sharedReadBuffer)
      this.#bulk = takeBulkBuffer()
    if (this.#sink?.write(this.#own(bytes, buffer)) !== false) return true
    this.#blocked = true
    this.#stopped = true
    return false
  }

  #lend(bytes: number, buffer: Buffer): boolean {
    this.#sink?.write(buffer.subarray(0, bytes), this.#returned)
    if (this.#sink?.writableLength === 0) {
      this.#countSmallReads(bytes)
      return true
    }
    this.#lent = true
    this.#stopped = true
    return false
  }

  // Also called for writes that finished at once; for those the buffer was not lent.
  readonly #returned = (): void => {
    if (!this.#lent) return
    this.#lent = false
    this.#resumeIfFree()
  }

  #countSmallReads(bytes: number): void {
    this.#smallReads = bytes < smallRead ? this.#smallReads + 1 : 0
    if (this.#smallReads < smallReadsMax || this.#bulk === null) return
    returnBulkBuffer(this.#bulk, true)
    this.#bulk = null
    this.#smallReads = 0
  }

  /** Without `onread`, the buffer already belongs to this pipe. */
  #own(bytes: number, buffer: Buffer): Buffer {
    if (buffer !== sharedReadBuffer && buffer !== this.#bulk) return buffer
    const chunk = Buffer.allocUnsafe(bytes)
    buffer.copy(chunk, 0, 0, bytes)
    return chunk
  }

  #keepArrival(arrivals: Arrival[]): void {
    if (this.#nodes.length < 2) {
      // Nothing delays the bytes before the inspector.
      arrivals.length = 0
      return
    }
    arrivals.push({ received: this.received, atMs: systemClock.now() })
    if (arrivals.length > arrivalsMax) arrivals.splice(0, arrivalsMax / 2)
  }

  #reachMarks(passed: boolean): void {
    const { gone } = this
    const reached = this.#marks.filter(({ at }) => at <= gone)
    if (reached.length === 0) return
    this.#marks = this.#marks.filter(({ at }) => at > gone)
    for (const { run } of reached) run(passed)
  }

  #count(buffer: Buffer, bytes: number): void {
    this.sent += bytes
    this.tail?.add(buffer, bytes)
  }

  #sinkEnded(): boolean {
    return this.#sink === null || this.#sink.destroyed || this.#sink.writableEnded
  }

  #mustWait(): boolean {
    if (this.#discarding) return false
    return this.#blocked || this.#lent || (this.#held > 0 && this.#isFull())
  }

  #isFull(): boolean {
    const scarce = heldInProcess > heldInProcessMax
    const limit = scarce ? Math.min(this.#limitBytes, stageLimitBytes) : this.#limitBytes
    return this.#held >= limit || this.#nodes.some(({ stage }) => stage.isFull?.() === true)
  }

  #hold(bytes: number): void {
    this.#held += bytes
    heldInProcess += bytes
  }

  #resumeIfFree(): void {
    if (!this.#stopped || this.#mustWait()) return
    this.#stopped = false
    this.#source?.resume()
  }

  #sourceEnded(): void {
    this.ended = true
    if (this.#discarding) return
    if (this.#first === null) this.end()
    else this.#first.end()
  }
}
