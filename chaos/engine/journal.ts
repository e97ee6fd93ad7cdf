import type { EventPayload, SandboxEvent } from '#chaos/contracts/events.ts'
import type { Clock } from '#chaos/lib/clock.ts'

export type Listener = (event: SandboxEvent) => void

/** Where everything that happens is told, in order. One for each sandbox. */
export interface Journal {
  readonly lastSeq: number
  /** Stamps it, remembers it, and tells everybody who listens before it returns. */
  publish(happening: EventPayload): SandboxEvent
  readonly note: (level: 'info' | 'warning' | 'error', text: string) => void
  /** What is still remembered after `seq`, oldest first. */
  since(seq: number): readonly SandboxEvent[]
  /** Calls the listener for every event from now on; returns the function that ends it. */
  subscribe(listener: Listener): () => void
  /** Stamps every event with this run until it is disposed of. */
  openRun(run: string): Disposable
}

/** Enough for a reader that was away for a few minutes of a busy run. */
const rememberedMax = 20_000

export function createJournal(clock: Clock, limit = rememberedMax): Journal {
  const startedAtMs = clock.now()
  const remembered: SandboxEvent[] = []
  const listeners = new Set<Listener>()
  let seq = 0
  let run: string | undefined

  const publish = (happening: EventPayload): SandboxEvent => {
    const event: SandboxEvent = {
      seq: ++seq,
      at: new Date(clock.wallTimeMs()).toISOString(),
      ms: clock.now() - startedAtMs,
      ...(run === undefined ? {} : { run }),
      ...happening,
    }
    remembered.push(event)
    // In blocks: taking away the first of a long list costs as much as taking away many.
    if (remembered.length > limit * 1.1) remembered.splice(0, remembered.length - limit)
    for (const listener of listeners) listener(event)
    return event
  }
  return {
    get lastSeq() {
      return seq
    },
    publish,
    note: (level, text) => void publish({ type: 'note', level, text }),
    since: (after) => remembered.slice(firstAfter(remembered, after)),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    openRun: (name) => {
      if (run !== undefined) throw new Error(`run ${run} still has the sandbox`)
      run = name
      return { [Symbol.dispose]: () => void (run = undefined) }
    },
  }
}

/** Numbers follow one another, so the place of one follows from the first. */
function firstAfter(events: readonly SandboxEvent[], seq: number): number {
  const first = events[0]
  return first === undefined ? 0 : Math.max(0, seq - first.seq + 1)
}
