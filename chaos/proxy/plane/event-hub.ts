import { randomUUID } from 'node:crypto'

import type { ExchangeEvent, LinkEvent, TrapEvent } from '#chaos/contracts/links.ts'

export type DataPlaneEvent = LinkEvent | TrapEvent | ExchangeEvent

/** An event and its number, which is its id in the stream. */
export interface NumberedEvent {
  readonly id: string
  readonly event: DataPlaneEvent
}

type Listener = (event: NumberedEvent) => void

/** So many events are kept for those who reconnect. */
const keptEvents = 2_000

/** Hands every event to everybody who listens, and keeps the last ones. */
export class EventHub {
  /** Part of every id: the numbers of another process mean nothing here. */
  readonly #process = randomUUID().slice(0, 8)
  readonly #listeners = new Set<Listener>()
  readonly #kept: (DataPlaneEvent | undefined)[] = Array.from({ length: keptEvents })
  #count = 0

  /** Id of the newest event; what comes next comes after it. */
  get lastId(): string {
    return this.#id(this.#count)
  }

  /** How many listen. */
  get listeners(): number {
    return this.#listeners.size
  }

  emit(event: DataPlaneEvent): void {
    this.#kept[this.#count++ % keptEvents] = event
    if (this.#listeners.size === 0) return
    const numbered = { id: this.#id(this.#count), event }
    for (const listener of this.#listeners) listener(numbered)
  }

  /** Returns the function that ends it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** What came after this id, as far as it is still known; nothing for an id of another process. */
  after(id: string): NumberedEvent[] {
    const [process, number] = id.split('-')
    if (process !== this.#process) return []
    const first = Math.max(Number(number), this.#count - keptEvents, 0)
    const events: NumberedEvent[] = []
    for (let index = first; index < this.#count; index++) {
      const event = this.#kept[index % keptEvents]
      if (event !== undefined) events.push({ id: this.#id(index + 1), event })
    }
    return events
  }

  #id(number: number): string {
    return `${this.#process}-${number}`
  }
}
