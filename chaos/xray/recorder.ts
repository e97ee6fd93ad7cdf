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

/** The name of the data plane among the instances. */
const dataPlane = 'links'

/** Records the events from one run to the next. */
export class Recorder implements Disposable {
  exchanges: Recorded<ExchangeEvent>[] = []
  instances: Recorded<InstanceEvent>[] = []
  /** The data plane has ended since this was false: its taps and traps are gone, also those of the next runs. */
  linksEnded = false
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

  /** Resolves when the message that the trap held is released. False: the signal aborted, or the data plane ended. */
  async released(id: string, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted && !this.linksEnded) {
      if (this.#traps.get(id)?.some(({ what }) => what === 'released') === true) return true
      await this.next(signal)
    }
    return false
  }

  /** Throws if the data plane has ended: no tap saw what happened then, and no trap can fire. */
  requireLinks(): void {
    if (this.linksEnded)
      throw new Error(
        'The links ended during this run, and its messages with them. Nothing was judged. Find out why: unhappy logs links',
      )
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
    else if (event.type === 'instance') {
      this.instances.push({ event, atMs })
      if (event.instance === dataPlane && ['exited', 'absent'].includes(event.state))
        this.linksEnded = true
    } else if (event.type === 'trap') {
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
