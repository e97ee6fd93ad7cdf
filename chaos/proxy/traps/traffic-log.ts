import type { Stream } from '../plane/inspector.ts'
import type {
  ConnectionRecorder,
  RecordedChunk,
  RecordedConnection,
  Recorder,
} from '../plane/recorder.ts'

/** What happened on one connection. */
export type TrafficEvent =
  | { readonly what: 'read'; readonly stream: Stream; readonly chunk: RecordedChunk }
  | { readonly what: 'arrived'; readonly at: number }
  | {
      readonly what: 'gone'
      readonly stream: Stream
      readonly at: number
      readonly passed: boolean
    }
  | { readonly what: 'ended'; readonly stream: Stream }
  | { readonly what: 'closed' }

/** An entry of the log: it belongs to the connection that `plays` it. */
export interface LoggedEvent {
  readonly to: TrafficPlayer
  readonly atMs: number
  readonly event: TrafficEvent
}

/** Receives the events of one connection, in sequence, when the log is read. */
export interface TrafficPlayer {
  play(event: TrafficEvent, atMs: number): void
}

export interface TrafficLimits {
  readonly eventsMax: number
  readonly bytesMax: number
}

/**
 * Everything that passed on the links since the log was read last. To log a chunk keeps a reference to it: the messages in it
 * are found when the log is read.
 */
export class TrafficLog implements Recorder {
  /** Chunks that found the log full. */
  missed = 0
  fullMs: number | undefined
  readonly #limits: TrafficLimits
  readonly #playerOf: (connection: RecordedConnection) => TrafficPlayer
  #events: LoggedEvent[] = []
  #bytes = 0

  constructor(limits: TrafficLimits, playerOf: (connection: RecordedConnection) => TrafficPlayer) {
    this.#limits = limits
    this.#playerOf = playerOf
  }

  opened(connection: RecordedConnection): ConnectionRecorder {
    return new ConnectionLog(this, this.#playerOf(connection))
  }

  /** Takes the events out. */
  take(): readonly LoggedEvent[] {
    const events = this.#events
    this.#events = []
    this.#bytes = 0
    return events
  }

  /** Once full, it stays full: what follows a gap cannot be read. */
  get isFull(): boolean {
    return this.fullMs !== undefined
  }

  add(to: TrafficPlayer, event: TrafficEvent, atMs: number, bytes = 0): void {
    const { eventsMax, bytesMax } = this.#limits
    if (this.#events.length >= eventsMax || this.#bytes + bytes > bytesMax) this.fullMs ??= atMs
    if (this.isFull) {
      if (event.what === 'read') this.missed += 1
      return
    }
    this.#bytes += bytes
    this.#events.push({ to, atMs, event })
  }
}

class ConnectionLog implements ConnectionRecorder {
  readonly #log: TrafficLog
  readonly #player: TrafficPlayer

  constructor(log: TrafficLog, player: TrafficPlayer) {
    this.#log = log
    this.#player = player
  }

  get isFull(): boolean {
    return this.#log.isFull
  }

  read(stream: Stream, chunk: RecordedChunk): void {
    const event = { what: 'read', stream, chunk } as const
    this.#log.add(this.#player, event, chunk.atMs, chunk.bytes.length)
  }

  arrived(at: number, atMs: number): void {
    this.#log.add(this.#player, { what: 'arrived', at }, atMs)
  }

  gone(stream: Stream, at: number, passed: boolean, atMs: number): void {
    this.#log.add(this.#player, { what: 'gone', stream, at, passed }, atMs)
  }

  ended(stream: Stream, atMs: number): void {
    this.#log.add(this.#player, { what: 'ended', stream }, atMs)
  }

  closed(atMs: number): void {
    this.#log.add(this.#player, { what: 'closed' }, atMs)
  }
}
