import type { QueuePlace } from '#chaos/contracts/workshop.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { abortWith } from '#chaos/lib/signals/abort-with.ts'

/** A request that waits is answered after this time: a browser gives up a request that is much longer. */
const holdMs = 20_000
/** The page sends its request again within this time, or loses its place. */
const graceMs = 10_000

/** Checks of all seats, one after the other: several at once would make each other slow, and slow verdicts prove nothing. */
export interface CheckQueue {
  /**
   * Waits for the turn of this seat, also until its own check in progress has ended. Null: it is its turn, until
   * {@link CheckQueue.leave}. Else the place after some seconds: the same call again keeps it.
   */
  enter(seat: number, signal: AbortSignal): Promise<QueuePlace | null>
  /** The check of this seat has ended, or does not begin. */
  leave(seat: number): void
  /** Null: this seat does not wait. */
  placeOf(seat: number): QueuePlace | null
  isChecking(seat: number): boolean
}

interface Entry {
  readonly seat: number
  readonly turn: PromiseWithResolvers<void>
  state: 'waiting' | 'admitted' | 'checking'
  /** Requests that wait now. */
  requests: number
  seenAtMs: number
}

export interface CheckQueueOptions {
  /** Checks at once. */
  readonly most: number
  readonly clock: Clock
  readonly onChanged: () => void
}

export function createCheckQueue({ most, clock, onChanged }: CheckQueueOptions): CheckQueue {
  const entries: Entry[] = []
  const remove = (entry: Entry): void => {
    const index = entries.indexOf(entry)
    if (index !== -1) entries.splice(index, 1)
    admit()
  }
  const expireLater = (entry: Entry): void => {
    entry.seenAtMs = clock.now()
    const expire = (): void => {
      if (entry.state === 'checking' || entry.requests > 0) return
      if (entries.includes(entry) && clock.now() - entry.seenAtMs >= graceMs) remove(entry)
    }
    void clock.sleep(graceMs).then(expire, () => undefined)
  }
  const admit = (): void => {
    const used = entries.filter(({ state }) => state !== 'waiting').length
    const waiting = entries.filter(({ state }) => state === 'waiting')
    const ready = waiting.filter(({ seat }) => checkOf(entries, seat) === undefined)
    for (const entry of ready.slice(0, most - used)) {
      entry.state = 'admitted'
      entry.turn.resolve()
      if (entry.requests === 0) expireLater(entry)
    }
    onChanged()
  }
  const join = (seat: number): Entry => {
    const turn = Promise.withResolvers<void>()
    const entry: Entry = { seat, turn, state: 'waiting', requests: 1, seenAtMs: clock.now() }
    entries.push(entry)
    admit()
    entry.requests = 0
    return entry
  }
  const held = async (entry: Entry, signal: AbortSignal): Promise<void> => {
    using within = abortWith(signal)
    entry.requests++
    const late = clock.sleep(holdMs, within.signal).catch(() => undefined)
    await Promise.race([entry.turn.promise, late])
    entry.requests--
    within.abort()
  }
  const placeOf = (seat: number): QueuePlace | null => placeIn(entries, seat)
  const enter = async (seat: number, signal: AbortSignal): Promise<QueuePlace | null> => {
    const entry = requestOf(entries, seat) ?? join(seat)
    await held(entry, signal)
    // The browser is gone: nothing would show its check.
    if (signal.aborted && entry.requests === 0) remove(entry)
    else if (entry.state === 'waiting') expireLater(entry)
    if (signal.aborted || entry.state === 'waiting') return placeOf(seat) ?? { place: 1, of: 1 }
    // Another request of the same seat was first: this one waits for the next turn.
    if (checkOf(entries, seat) !== undefined) return await enter(seat, signal)
    entry.state = 'checking'
    onChanged()
    return null
  }
  return {
    enter,
    leave: (seat) => {
      const entry = checkOf(entries, seat)
      if (entry !== undefined) remove(entry)
    },
    placeOf,
    isChecking: (seat) => checkOf(entries, seat) !== undefined,
  }
}

function checkOf(entries: readonly Entry[], seat: number): Entry | undefined {
  return entries.find((entry) => entry.seat === seat && entry.state === 'checking')
}

function requestOf(entries: readonly Entry[], seat: number): Entry | undefined {
  return entries.find((entry) => entry.seat === seat && entry.state !== 'checking')
}

function placeIn(entries: readonly Entry[], seat: number): QueuePlace | null {
  const waiting = entries.filter(({ state }) => state === 'waiting')
  const index = waiting.findIndex((entry) => entry.seat === seat)
  return index === -1 ? null : { place: index + 1, of: waiting.length }
}
