import type { RecordedMessages, RecordedTraffic } from '#chaos/contracts/links.ts'

import { MessageFinder, type MessageLimits } from './message-finder.ts'
import { TrafficLog } from './traffic-log.ts'

/**
 * What passes on all links, up to a limit. While it runs, it only keeps bytes. The messages in them are found here when they are
 * read, or later from the bytes ({@link findMessages}).
 */
export class FlowRecording {
  /** Give it what passes on the links. */
  readonly log: TrafficLog
  readonly #finder: MessageFinder
  #reading = Promise.resolve()

  constructor(limits: MessageLimits, now: () => number) {
    this.log = new TrafficLog(limits.bytesMax, now)
    this.#finder = new MessageFinder(limits)
  }

  /** The messages so far. What they were found in is forgotten. */
  async read(): Promise<RecordedMessages> {
    this.#reading = this.#reading.then(async () => this.#play())
    await this.#reading
    const messages = this.#finder.messages()
    const fullMs = this.#finder.fullMs ?? this.log.fullMs
    return {
      lines: messages.map((message) => `${JSON.stringify(message)}\n`).join(''),
      state: {
        messages: messages.length,
        missed: this.#finder.missed + this.log.missed,
        ...(fullMs === undefined ? {} : { fullMs }),
      },
    }
  }

  /** The bytes since the last {@link read}. */
  traffic(): RecordedTraffic {
    const { missed, fullMs } = this.log
    return { blocks: this.log.content(), missed, ...(fullMs === undefined ? {} : { fullMs }) }
  }

  async #play(): Promise<void> {
    for (const block of this.log.take()) await this.#finder.play(block)
  }
}
