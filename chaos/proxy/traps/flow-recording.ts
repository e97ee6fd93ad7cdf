import type { ExchangeEvent, RecordedMessages } from '#chaos/contracts/links.ts'

/** A message of a recording. What happens to it later is added to it. */
export type RecordedMessage = { -readonly [Key in keyof ExchangeEvent]: ExchangeEvent[Key] }

/** The rest of a line: names of fields, numbers. */
const lineBytes = 200

/** The messages of the flows on all links, up to a limit. It costs memory only: nothing is sent until it is read. */
export class FlowRecording {
  readonly #messagesMax: number
  readonly #bytesMax: number
  readonly #messages: RecordedMessage[] = []
  #bytes = 0
  #missed = 0
  #fullMs: number | undefined

  constructor({
    messagesMax,
    bytesMax,
  }: {
    readonly messagesMax: number
    readonly bytesMax: number
  }) {
    this.#messagesMax = messagesMax
    this.#bytesMax = bytesMax
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

  read(nowMs: number): RecordedMessages {
    const lines = this.#messages
      .toSorted((a, b) => (a.sentMs ?? a.atMs) - (b.sentMs ?? b.atMs))
      .map((message) => `${JSON.stringify(message)}\n`)
      .join('')
    return {
      lines,
      state: {
        nowMs,
        messages: this.#messages.length,
        missed: this.#missed,
        ...(this.#fullMs === undefined ? {} : { fullMs: this.#fullMs }),
      },
    }
  }
}
