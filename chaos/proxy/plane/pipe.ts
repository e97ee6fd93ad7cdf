import type { OnReadOpts, Socket } from 'node:net'

import { stageLimitBytes } from '../toxics/lib/toxic-kind.ts'
import { type ChainNode, linkNodes, withNode } from './chain.ts'
import type { Stream } from './inspector.ts'
import { returnBulkBuffer, sharedReadBuffer, takeBulkBuffer } from './read-buffers.ts'
import type { Tail } from './tail.ts'

/** Reads shorter than this, so many in a row, end the use of a large buffer. */
const smallRead = 32 * 1024
const smallReadsMax = 16

/** When all directions together hold more than this, each may only hold what any stage may. */
const heldInProcessMax = 256 * 1024 * 1024
let heldInProcess = 0

const noNodes: readonly ChainNode[] = []

/**
 * One direction of a connection: what the source sends goes to the sink.
 *
 * Without stages: a small read lands in the buffer that all directions share and is copied out; a read that fills it
 * means bulk, which gets a large buffer of its own and is written without a copy. That buffer is lent to the kernel while
 * a write is under way, and nothing is read meanwhile. With stages every chunk is a copy, and theirs.
 */
export class Pipe {
  readonly stream: Stream
  /** Bytes read from the source. */
  received = 0
  /** Bytes handed to the sink's socket. */
  sent = 0
  /** The source has sent its FIN. */
  ended = false
  /** The last bytes that passed, kept only when somebody may want to know them. */
  tail: Tail | null = null
  #source: Socket | null = null
  #sink: Socket | null = null
  #nodes = noNodes
  #first: ChainNode | null = null
  #held = 0
  #limitBytes = stageLimitBytes
  #bulk: Buffer | null = null
  #smallReads = 0
  /** Why the source is not read: it was stopped, its bytes wait in the sink, or its buffer is lent. */
  #stopped = false
  #blocked = false
  #lent = false
  #discarding = false

  constructor(stream: Stream) {
    this.stream = stream
  }

  /** How the source's socket has to read. */
  onread(): OnReadOpts {
    return {
      buffer: () => this.#bulk ?? sharedReadBuffer,
      callback: (bytes, buffer) => this.#read(bytes, buffer as Buffer),
    }
  }

  /** Call once both sockets are there, and before the source is resumed; `ended` is called at the source's FIN. */
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

  /** The stage takes its place; what comes from now on passes it. */
  insert(node: ChainNode): void {
    this.#relink(withNode(this.#nodes, node))
  }

  /** What comes from now on bypasses the stage. It must have passed on what it held. */
  remove(node: ChainNode): void {
    this.#relink(this.#nodes.filter((other) => other !== node))
    node.retire()
    this.#resumeIfFree()
  }

  /** The end of the chain: bytes that were held until now. */
  writeHeld(chunk: Buffer): void {
    this.#hold(-chunk.length)
    if (this.#sinkEnded()) return
    this.#count(chunk, chunk.length)
    if (this.#sink?.write(chunk) === false) this.#blocked = true
    this.#resumeIfFree()
  }

  /** Held bytes that will never be passed on. */
  dropped(bytes: number): void {
    this.#hold(-bytes)
    this.#resumeIfFree()
  }

  /** Bytes of a stage's own: they count as held until they are written. */
  added(bytes: number): void {
    this.#hold(bytes)
  }

  /** FIN to the sink, after everything that was written. */
  end(): void {
    const sink = this.#sink
    if (sink === null || this.#sinkEnded()) return
    // The other direction has ended as well and nothing waits: closing says the same as a FIN, one system call earlier.
    if (sink.readableEnded && sink.writableLength === 0) sink.destroy()
    else sink.end()
  }

  /** Takes all stages away, with what they hold. */
  clear(): void {
    const nodes = this.#nodes
    this.#relink([])
    this.#hold(-this.#held)
    for (const node of nodes) node.retire()
  }

  /** Reads on and throws away: closing a socket with unread bytes would be a reset. */
  discard(): void {
    this.#discarding = true
    this.clear()
    this.#source?.resume()
  }

  /** The sockets are gone. */
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
    if (this.#sinkEnded()) return true
    this.#count(buffer, bytes)
    return buffer === this.#bulk ? this.#lend(bytes, buffer) : this.#copy(bytes, buffer)
  }

  #readForStages(first: ChainNode, bytes: number, buffer: Buffer): boolean {
    this.#hold(bytes)
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

  // Also called for writes that were done at once: those lend nothing.
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

  /** The fallback without `onread` gives buffers that are already ours. */
  #own(bytes: number, buffer: Buffer): Buffer {
    if (buffer !== sharedReadBuffer && buffer !== this.#bulk) return buffer
    const chunk = Buffer.allocUnsafe(bytes)
    buffer.copy(chunk, 0, 0, bytes)
    return chunk
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
