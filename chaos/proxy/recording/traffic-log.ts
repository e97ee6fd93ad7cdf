import type {
  ConnectionRecorder,
  PassingRead,
  RecordedConnection,
  Recorder,
  TrafficEvent,
} from '../plane/recorder.ts'
import {
  type OpenedConnection,
  type RecordHead,
  recordHeadBytes,
  writeRecordHead,
} from './records.ts'

/** Memory is taken in blocks of this size. A record is never in two blocks. */
const blockBytes = 256 * 1024

/**
 * Everything that passed on the links, as records of bytes in a few large blocks: objects would cost the garbage collector more
 * than the copy costs. Nothing in it is read while it grows.
 */
export class TrafficLog implements Recorder {
  /** Chunks that found the log full. */
  missed = 0
  /** Once full, it stays full: what follows a gap cannot be read. */
  fullMs: number | undefined
  readonly #bytesMax: number
  readonly #now: () => number
  #ended: Buffer[] = []
  #block: Buffer = Buffer.alloc(0)
  #view = new DataView<ArrayBufferLike>(new ArrayBuffer(0))
  #used = 0
  /** In all blocks. */
  #bytes = 0

  /** `bytesMax`: of all records, with their heads. */
  constructor(bytesMax: number, now: () => number) {
    this.#bytesMax = bytesMax
    this.#now = now
  }

  opened({ id, link, protocol, fromStart, recent }: RecordedConnection): ConnectionRecorder {
    const { last, quietMs } = recent
    const tail = (stream: 'upstream' | 'downstream'): string =>
      recent.tail(stream).toString('base64')
    const tails = { upstream: tail('upstream'), downstream: tail('downstream') }
    const connection: OpenedConnection = { link, protocol, fromStart, last, quietMs, tails }
    const event = { what: 'opened', atMs: this.#now() } as const
    this.#write(id, event, Buffer.from(JSON.stringify(connection)))
    return { add: (event) => this.#add(id, event), copy: (read) => this.#copy(id, read) }
  }

  /** The records up to now, in sequence. They do not change any more. */
  content(): Buffer[] {
    const { length } = this.#block
    const current = length === 0 ? [] : [this.#block.subarray(0, this.#used)]
    return [...this.#ended, ...current]
  }

  /** Takes the records out. */
  take(): Buffer[] {
    const all = this.content()
    this.#ended = []
    this.#use(Buffer.alloc(0))
    this.#bytes = 0
    return all
  }

  #add(id: number, event: TrafficEvent): void {
    this.#write(id, event, event.what === 'read' ? event.bytes : undefined)
  }

  /** The copy of the record is the one that the pipe writes. */
  #copy(id: number, read: PassingRead): Buffer {
    const { buffer, length } = read
    const start = this.#reserve(id, read, length)
    const [block, from] =
      start === undefined ? [Buffer.allocUnsafe(length), 0] : [this.#block, start]
    buffer.copy(block, from, 0, length)
    return block.subarray(from, from + length)
  }

  #write(id: number, event: RecordHead, bytes: Buffer | undefined): void {
    const start = this.#reserve(id, event, bytes?.length ?? 0)
    if (start !== undefined && bytes !== undefined) this.#block.set(bytes, start)
  }

  /** Writes the head. Returns the place for the bytes in the block; undefined: the log is full. */
  #reserve(id: number, event: RecordHead, length: number): number | undefined {
    const size = recordHeadBytes + length
    if (this.#bytes + size > this.#bytesMax) this.fullMs ??= event.atMs
    if (this.fullMs !== undefined) {
      if (event.what === 'read') this.missed += 1
      return undefined
    }
    if (this.#used + size > this.#block.length) this.#nextBlock(size)
    writeRecordHead(this.#view, this.#used, id, event, length)
    this.#used += size
    this.#bytes += size
    return this.#used - length
  }

  #nextBlock(size: number): void {
    if (this.#used > 0) this.#ended.push(this.#block.subarray(0, this.#used))
    this.#use(Buffer.allocUnsafeSlow(Math.max(blockBytes, size)))
  }

  #use(block: Buffer): void {
    this.#block = block
    this.#view = new DataView(block.buffer, block.byteOffset, block.length)
    this.#used = 0
  }
}
