import type {
  InspectedConnection,
  InspectionHost,
  MessageTiming,
  Stream,
} from '../plane/inspector.ts'
import type { ReadEvent, TrafficEvent } from '../plane/recorder.ts'
import { ConnectionInspector } from '../traps/connection-inspector.ts'
import type { LinkWatch } from '../traps/link-watch.ts'
import type { OpenedConnection } from './records.ts'

const keptBytes = 16

/** A position in a stream, and what happens when its bytes have left the link. */
interface Mark {
  readonly stream: Stream
  readonly at: number
  readonly run: (passed: boolean) => void
}

/**
 * A connection of which the bytes passed earlier. It gives them to an inspector of its own, with the times at which they
 * passed: so a recording finds messages with the same code as a trap.
 */
export class PlayedConnection {
  readonly #inspector: ConnectionInspector
  #nowMs: number
  #marks: Mark[] = []
  #arrivals: { readonly at: number; readonly atMs: number }[] = []
  /** How far each stream was read, and how much of it has left the link. */
  readonly #read = { upstream: 0, downstream: 0 }
  readonly #gone = { upstream: 0, downstream: 0 }
  #isStaged = { upstream: false, downstream: false }
  #last: Stream | undefined
  #lastAtMs: number
  readonly #tails: Record<Stream, Buffer>

  constructor(id: number, connection: OpenedConnection, watch: LinkWatch, nowMs: number) {
    const { last, quietMs, tails } = connection
    this.#nowMs = nowMs
    this.#last = last
    this.#lastAtMs = nowMs - quietMs
    this.#tails = {
      upstream: Buffer.from(tails.upstream, 'base64'),
      downstream: Buffer.from(tails.downstream, 'base64'),
    }
    const host = playedHost(() => this.#nowMs)
    this.#inspector = new ConnectionInspector(this.#inspected(id, connection), watch, host)
  }

  play(event: TrafficEvent): void {
    this.#nowMs = event.atMs
    switch (event.what) {
      case 'read':
        return this.#readChunk(event)
      case 'arrived':
        this.#arrivals.push(event)
        return
      case 'gone':
        return this.#left(event.stream, event.at, event.passed)
      case 'ended':
        return this.#inspector.ended(event.stream)
      case 'closed':
        this.#inspector.closed()
        for (const { run } of this.#marks.splice(0)) run(false)
    }
  }

  #readChunk({ stream, bytes, at, isStaged }: ReadEvent): void {
    this.#read[stream] = at
    this.#isStaged[stream] = isStaged
    if (!isStaged) {
      this.#left(stream, at, true)
      if (stream === 'downstream' && this.#arrivals.length > 0) this.#arrivals = []
    }
    this.#inspector[stream](bytes)
    this.#last = stream
    this.#lastAtMs = this.#nowMs
    const tail = bytes.length < keptBytes ? Buffer.concat([this.#tails[stream], bytes]) : bytes
    this.#tails[stream] = tail.subarray(-keptBytes)
  }

  #left(stream: Stream, at: number, passed: boolean): void {
    this.#gone[stream] = at
    if (this.#marks.length === 0) return
    const isReached = (mark: Mark): boolean => mark.stream === stream && mark.at <= at
    const reached = this.#marks.filter(isReached)
    this.#marks = this.#marks.filter((mark) => !isReached(mark))
    for (const { run } of reached) run(passed)
  }

  #inspected(id: number, { link, protocol, fromStart }: OpenedConnection): InspectedConnection {
    const nowMs = (): number => this.#nowMs
    const last = (): Stream | undefined => this.#last
    const lastAtMs = (): number => this.#lastAtMs
    return {
      id,
      link,
      protocol,
      fromStart,
      recent: {
        get last() {
          return last()
        },
        get quietMs() {
          return nowMs() - lastAtMs()
        },
        tail: (stream) => this.#tails[stream],
      },
      timing: this.#timing(),
      // The bytes have passed already.
      forward: () => {},
      drop: () => {},
      inject: () => {},
      answered: () => {},
      end: () => {},
      cut: () => {},
      silence: () => {},
      left: () => {},
      opaque: () => {},
    }
  }

  #timing(): MessageTiming {
    return {
      isDelayed: (stream) => this.#isStaged[stream],
      whenGone: (stream, behind, run) => {
        const at = this.#read[stream] - behind
        if (this.#gone[stream] >= at) run(true)
        else this.#marks.push({ stream, at, run })
      },
      sentAt: (behind) => this.#arrivedAt(this.#read.downstream - behind),
      sentNextAt: () => this.#arrivedAt(this.#read.downstream + 1),
    }
  }

  /** When the callee's byte at this position arrived; undefined: no stage has delayed it. */
  #arrivedAt(position: number): number | undefined {
    const index = this.#arrivals.findIndex(({ at }) => at >= position)
    if (index > 0) this.#arrivals.splice(0, index)
    return index === -1 ? undefined : this.#arrivals[0]?.atMs
  }
}

/** The clock of the recording. Nothing is held, so nothing waits. */
function playedHost(now: () => number): InspectionHost {
  return {
    setInspected: () => {},
    links: () => [],
    silenceAll: () => () => {},
    emit: () => {},
    now,
    after: () => () => {},
  }
}
