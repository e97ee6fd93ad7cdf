import type { EventPayload, SandboxEvent } from '#chaos/contracts/events.ts'
import type { Clock } from '#chaos/lib/clock.ts'

export type Listener = (event: SandboxEvent) => void

/** All events of a sandbox, in order. */
export interface Journal {
  readonly lastSeq: number
  /** Adds number and time, keeps the event, and calls every listener before it returns. */
  publish(payload: EventPayload): SandboxEvent
  readonly note: (level: 'info' | 'warning' | 'error', text: string) => void
  /** The time stamp of an event at this reading of the clock. */
  msAt(clockMs: number): number
  /** The kept events after `seq`, oldest first. */
  since(seq: number): readonly SandboxEvent[]
  /** Calls the listener for every event from now on; returns the function that ends it. */
  subscribe(listener: Listener): () => void
  /** Adds this run to every event until it is disposed. Throws if another run is open. */
  openRun(run: string): Disposable
  /** Every event passes this function before anything else sees it, until it is disposed. One at a time. */
  veil(change: (payload: EventPayload) => EventPayload): Disposable
}

/** Enough for a reader that reconnects after a few minutes of a busy run. */
const keptMax = 20_000

export function createJournal(clock: Clock, limit = keptMax): Journal {
  const startedAtMs = clock.now()
  const kept: SandboxEvent[] = []
  const listeners = new Set<Listener>()
  let seq = 0
  let run: string | undefined
  let change = (payload: EventPayload): EventPayload => payload
  const msAt = (clockMs: number): number => clockMs - startedAtMs

  const publish = (payload: EventPayload): SandboxEvent => {
    const event: SandboxEvent = {
      seq: ++seq,
      at: new Date(clock.wallTimeMs()).toISOString(),
      ms: msAt(clock.now()),
      ...(run === undefined ? {} : { run }),
      ...change(payload),
    }
    kept.push(event)
    // In blocks: removing one event from the front of a long list costs as much as removing many.
    if (kept.length > limit * 1.1) kept.splice(0, kept.length - limit)
    for (const listener of listeners) listener(event)
    return event
  }
  return {
    get lastSeq() {
      return seq
    },
    publish,
    msAt,
    note: (level, text) => void publish({ type: 'note', level, text }),
    since: (after) => kept.slice(firstAfter(kept, after)),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    openRun: (name) => {
      if (run !== undefined) throw new Error(`The run ${run} is using the sandbox.`)
      run = name
      return { [Symbol.dispose]: () => void (run = undefined) }
    },
    veil: (next) => {
      const before = change
      change = next
      return { [Symbol.dispose]: () => void (change = before) }
    },
  }
}

/** Index of the first event after `seq`. Numbers have no gaps, so it follows from the first number. */
function firstAfter(events: readonly SandboxEvent[], seq: number): number {
  const first = events[0]
  return first === undefined ? 0 : Math.max(0, seq - first.seq + 1)
}
