import type { EventPayload } from '#chaos/contracts/events.ts'
import type { ExchangeEvent, TrapEvent } from '#chaos/contracts/links.ts'
import type { InstanceEvent } from '#chaos/contracts/runtime.ts'
import type { Journal } from '#chaos/engine/journal.ts'
import type { Clock } from '#chaos/lib/clock.ts'

/** An event, with the time at which the recorder received it. */
export interface Recorded<T> {
  readonly event: T
  readonly atMs: number
}

/** Records the events from one run to the next. */
export class Recorder implements Disposable {
  exchanges: Recorded<ExchangeEvent>[] = []
  instances: Recorded<InstanceEvent>[] = []
  readonly #traps = new Map<string, TrapEvent[]>()
  readonly #clock: Clock
  readonly #stop: () => void
  #listeners: (() => void)[] = []

  constructor(journal: Pick<Journal, 'subscribe'>, clock: Clock) {
    this.#clock = clock
    this.#stop = journal.subscribe((event) => this.#take(event))
  }

  /** Forgets all events. */
  clear(): void {
    this.exchanges = []
    this.instances = []
    this.#traps.clear()
  }

  /**
   * Resolves with the event of the trap when it fires, or undefined when the signal aborts first.
   */
  async sprung(id: string, signal: AbortSignal): Promise<TrapEvent | undefined> {
    for (;;) {
      const event = this.#traps.get(id)?.find(({ what }) => what === 'sprung')
      if (event !== undefined || signal.aborted) return event
      await this.next(signal)
    }
  }

  /** Resolves when the message that the trap held is released, or the signal aborts. */
  async released(id: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#traps.get(id)?.some(({ what }) => what === 'released') === true) return
      await this.next(signal)
    }
  }

  /** Resolves at the next event, or when the signal aborts. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done)
        resolve()
      }
      signal.addEventListener('abort', done, { once: true })
      this.#listeners.push(done)
    })
  }

  [Symbol.dispose](): void {
    this.#stop()
  }

  #take(event: EventPayload): void {
    const atMs = this.#clock.now()
    if (event.type === 'exchange') this.exchanges.push({ event, atMs })
    else if (event.type === 'instance') this.instances.push({ event, atMs })
    else if (event.type === 'trap') {
      const events = this.#traps.get(event.id) ?? []
      events.push(event)
      this.#traps.set(event.id, events)
    } else return
    const listeners = this.#listeners
    this.#listeners = []
    for (const listener of listeners) listener()
  }
}

/** When the last message of the run passed a link; 0: none has. */
export function lastMessageAt({ exchanges }: Pick<Recorder, 'exchanges'>, key: string): number {
  const last = exchanges.findLast(({ event }) => event.transaction === key)
  return last?.atMs ?? 0
}

/** Instances that exited since the run began and are not ready again. */
export function downIn({ instances }: Pick<Recorder, 'instances'>): readonly string[] {
  const states = new Map(instances.map(({ event }) => [event.instance, event.state]))
  return [...states].filter(([, state]) => state !== 'ready').map(([instance]) => instance)
}
