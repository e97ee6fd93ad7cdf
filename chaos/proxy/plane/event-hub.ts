import { randomUUID } from 'node:crypto'

import type { ExchangeEvent, LinkEvent, TrapEvent } from '#chaos/contracts/links.ts'

export type DataPlaneEvent = LinkEvent | TrapEvent | ExchangeEvent

/** An event and its id in the stream. The id ends in the event's number. */
export interface NumberedEvent {
  readonly id: string
  readonly event: DataPlaneEvent
}

type Listener = (event: NumberedEvent) => void

/** This many events are kept for readers that reconnect. */
const keptEvents = 2_000

/** Passes every event to all listeners, and keeps the last events. */
export class EventHub {
  /** Part of every id, because the event numbers of another process are not valid here. */
  readonly #process = randomUUID().slice(0, 8)
  readonly #listeners = new Set<Listener>()
  readonly #kept: (DataPlaneEvent | undefined)[] = Array.from({ length: keptEvents })
  #count = 0

  /** Id of the newest event. */
  get lastId(): string {
    return this.#id(this.#count)
  }

  /** The number of listeners. */
  get listeners(): number {
    return this.#listeners.size
  }

  emit(event: DataPlaneEvent): void {
    this.#kept[this.#count++ % keptEvents] = event
    if (this.#listeners.size === 0) return
    const numbered = { id: this.#id(this.#count), event }
    for (const listener of this.#listeners) listener(numbered)
  }

  /** Call the result to unsubscribe. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** The kept events after this id; none for an id of another process. */
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
