import type { RecordedMessages } from '#chaos/contracts/links.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { LinkWatch } from '../traps/link-watch.ts'
import { PlayedConnection } from './played-connection.ts'
import type { MessageKeeper, RecordedMessage } from './recorded-message.ts'
import { TrafficLog } from './traffic-log.ts'

/** The rest of a line: names of fields, numbers. */
const lineBytes = 200
/** A message comes in about two chunks; many have no key. */
const chunksPerMessage = 3
/** Messages are found for this long at a time: meanwhile nothing passes on the links. */
const sliceMs = 4
const eventsPerLook = 16

/**
 * The messages of the flows on all links, up to a limit. While it runs, it only keeps what passes, which costs memory. The
 * messages are found when it is read.
 */
export class FlowRecording implements MessageKeeper {
  /** Give it what passes on the links. */
  readonly log: TrafficLog
  readonly #messagesMax: number
  readonly #bytesMax: number
  readonly #now: () => number
  readonly #watches = new Map<string, LinkWatch>()
  readonly #messages: RecordedMessage[] = []
  #bytes = 0
  #missed = 0
  #fullMs: number | undefined
  #playing = Promise.resolve()

  constructor(
    limits: { readonly messagesMax: number; readonly bytesMax: number },
    now: () => number,
  ) {
    const { messagesMax, bytesMax } = limits
    this.#messagesMax = messagesMax
    this.#bytesMax = bytesMax
    this.#now = now
    this.log = new TrafficLog(
      { eventsMax: messagesMax * chunksPerMessage, bytesMax },
      (connection) => new PlayedConnection(connection, this.#watchOf(connection.link), now()),
    )
  }

  add(message: RecordedMessage): void {
    const bytes =
      lineBytes + message.link.length + message.signature.length + (message.summary?.length ?? 0)
    if (this.#messages.length >= this.#messagesMax || this.#bytes + bytes > this.#bytesMax) {
      this.#missed += 1
      this.#fullMs ??= message.atMs
      return
    }
    this.#bytes += bytes
    this.#messages.push(message)
  }

  async read(): Promise<RecordedMessages> {
    this.#playing = this.#playing.then(async () => this.#play())
    await this.#playing
    const lines = this.#messages
      .toSorted((a, b) => (a.sentMs ?? a.atMs) - (b.sentMs ?? b.atMs))
      .map((message) => `${JSON.stringify(message)}\n`)
      .join('')
    const fullMs = this.#fullMs ?? this.log.fullMs
    return {
      lines,
      state: {
        nowMs: this.#now(),
        messages: this.#messages.length,
        missed: this.#missed + this.log.missed,
        ...(fullMs === undefined ? {} : { fullMs }),
      },
    }
  }

  async #play(): Promise<void> {
    const playNext = this.log.take()
    let sinceMs = systemClock.now()
    for (let played = 1; playNext(); played++) {
      if (played % eventsPerLook !== 0 || systemClock.now() - sinceMs < sliceMs) continue
      await systemClock.sleep(0)
      sinceMs = systemClock.now()
    }
  }

  #watchOf(link: string): LinkWatch {
    const watch = this.#watches.get(link) ?? new LinkWatch(link)
    this.#watches.set(link, watch)
    watch.recording = this
    return watch
  }
}
