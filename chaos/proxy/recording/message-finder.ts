import { systemClock } from '#chaos/lib/clock.ts'

import { LinkWatch } from '../traps/link-watch.ts'
import { PlayedConnection } from './played-connection.ts'
import type { MessageKeeper, RecordedMessage } from './recorded-message.ts'
import { readRecords } from './records.ts'

/** The rest of a line: names of fields, numbers. */
const lineBytes = 200
/** Messages are found for this long at a time: meanwhile its process does nothing else. */
const sliceMs = 4
const eventsPerLook = 16

export interface MessageLimits {
  readonly messagesMax: number
  /** Of the messages as text. */
  readonly bytesMax: number
}

/** Finds the messages that carry a key in a traffic log, up to a limit. */
export class MessageFinder implements MessageKeeper {
  missed = 0
  /** When the first message was over the limit. */
  fullMs: number | undefined
  readonly #limits: MessageLimits
  readonly #watches = new Map<string, LinkWatch>()
  readonly #players = new Map<number, PlayedConnection>()
  readonly #messages: RecordedMessage[] = []
  #bytes = 0

  constructor(limits: MessageLimits) {
    this.#limits = limits
  }

  add(message: RecordedMessage): void {
    const bytes =
      lineBytes + message.link.length + message.signature.length + (message.summary?.length ?? 0)
    const { messagesMax, bytesMax } = this.#limits
    if (this.#messages.length >= messagesMax || this.#bytes + bytes > bytesMax) {
      this.missed += 1
      this.fullMs ??= message.atMs
      return
    }
    this.#bytes += bytes
    this.#messages.push(message)
  }

  /** Reads records that follow those of the last call; only those of these connections, if they are given. */
  async play(records: Buffer, connections?: ReadonlySet<number>): Promise<void> {
    let sinceMs = systemClock.now()
    let played = 0
    for (const { id, event } of readRecords(records, connections)) {
      if (event.what === 'opened') {
        const watch = this.#watchOf(event.connection.link)
        this.#players.set(id, new PlayedConnection(id, event.connection, watch, event.atMs))
      } else this.#players.get(id)?.play(event)
      if (event.what === 'closed') this.#players.delete(id)
      if (++played % eventsPerLook !== 0 || systemClock.now() - sinceMs < sliceMs) continue
      await systemClock.sleep(0)
      sinceMs = systemClock.now()
    }
  }

  /** In the sequence in which they were sent. */
  messages(): readonly RecordedMessage[] {
    return this.#messages.toSorted((a, b) => (a.sentMs ?? a.atMs) - (b.sentMs ?? b.atMs))
  }

  #watchOf(link: string): LinkWatch {
    const watch = this.#watches.get(link) ?? new LinkWatch(link)
    this.#watches.set(link, watch)
    watch.recording = this
    return watch
  }
}
