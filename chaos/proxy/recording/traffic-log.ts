import type {
  ConnectionRecorder,
  RecordedConnection,
  Recorder,
  TrafficEvent,
} from '../plane/recorder.ts'

/** Receives the events of one connection, in sequence, when the log is read. */
export interface TrafficPlayer {
  play(event: TrafficEvent): void
}

interface TrafficLimits {
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
  /** Once full, it stays full: what follows a gap cannot be read. */
  fullMs: number | undefined
  readonly #limits: TrafficLimits
  readonly #playerOf: (connection: RecordedConnection) => TrafficPlayer
  #events: TrafficEvent[] = []
  /** The player of each event. */
  #players: TrafficPlayer[] = []
  #bytes = 0

  constructor(limits: TrafficLimits, playerOf: (connection: RecordedConnection) => TrafficPlayer) {
    this.#limits = limits
    this.#playerOf = playerOf
  }

  opened(connection: RecordedConnection): ConnectionRecorder {
    const player = this.#playerOf(connection)
    const isFull = (): boolean => this.fullMs !== undefined
    return {
      get isFull() {
        return isFull()
      },
      add: (event) => this.#add(event, player),
    }
  }

  /** Takes the events out: the first call of the result plays the first event, and so on, until it returns false. */
  take(): () => boolean {
    const events = this.#events
    const players = this.#players
    this.#events = []
    this.#players = []
    this.#bytes = 0
    let next = 0
    return () => {
      const event = events[next]
      if (event === undefined) return false
      players[next]?.play(event)
      next += 1
      return true
    }
  }

  #add(event: TrafficEvent, player: TrafficPlayer): void {
    const bytes = event.what === 'read' ? event.bytes.length : 0
    const { eventsMax, bytesMax } = this.#limits
    if (this.#events.length >= eventsMax || this.#bytes + bytes > bytesMax)
      this.fullMs ??= event.atMs
    if (this.fullMs !== undefined) {
      if (event.what === 'read') this.missed += 1
      return
    }
    this.#bytes += bytes
    this.#events.push(event)
    this.#players.push(player)
  }
}
