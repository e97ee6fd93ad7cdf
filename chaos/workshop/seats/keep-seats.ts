import type { Clock } from '#chaos/lib/clock.ts'

import type { CheckQueue } from './check-queue.ts'
import { folderSize } from './folder-size.ts'
import type { SeatEngine } from './seat-engine.ts'
import type { Seat } from './seat.ts'

const lookMs = 3_000
/** Of one seat after the other. */
const measureMs = 5_000

export interface KeepSeatsOptions {
  readonly engine: SeatEngine
  readonly clock: Clock
  /** A seat without a request and an open stream sleeps after this time. */
  readonly sleepAfterMs: number
  /** Of the folder of one seat, bytes. */
  readonly diskMax: number
}

export interface SeatKeeper extends AsyncDisposable {
  /** Measures the folder of one seat now. A seat above the limit stops; one that is below it may start. */
  measure(seat: Seat): Promise<void>
}

/**
 * Looks at the seats until it is disposed: which containers have ended by themselves, which seats are idle, how much memory
 * and disk they use.
 */
export function keepSeats(
  options: KeepSeatsOptions & {
    readonly all: ReadonlyMap<number, Seat>
    readonly queue: CheckQueue
    readonly onChanged: () => void
  },
): SeatKeeper {
  const { engine, clock, all, queue, sleepAfterMs, diskMax, onChanged } = options
  const ended = new AbortController()
  const look = async (): Promise<void> => {
    const containers = await engine.list()
    for (const seat of all.values()) {
      if (seat.state !== 'ready') continue
      if (containers.get(seat.seat)?.state !== 'running') seat.noteEnded()
      else if (isIdle(seat)) await seat.sleep('asleep')
    }
  }
  const isIdle = ({ seat, openRequests, lastUsedMs }: Seat): boolean =>
    openRequests === 0 && !queue.isChecking(seat) && clock.now() - lastUsedMs >= sleepAfterMs
  const measure = async (seat: Seat): Promise<void> => {
    const { bytes, hasTooMany } = await folderSize(seat.folders.state)
    seat.disk = bytes
    if (bytes <= diskMax && !hasTooMany) return seat.empty()
    if (seat.state !== 'starting') await seat.sleep('full', fullText(bytes, diskMax, hasTooMany))
  }
  const measureAll = async (): Promise<void> => {
    for (const seat of all.values()) {
      await clock.sleep(measureMs, ended.signal)
      if (seat.state === 'asleep') continue
      await measure(seat)
      seat.memory = seat.state === 'ready' ? await engine.memory(seat.seat) : null
      onChanged()
    }
  }
  const repeat = async (work: () => Promise<void>, everyMs: number): Promise<void> => {
    while (!ended.signal.aborted) {
      await clock.sleep(everyMs, ended.signal).catch(() => undefined)
      // The engine may be busy or restarting: the next look tells.
      await work().catch(() => undefined)
    }
  }
  const loops = [repeat(look, lookMs), repeat(measureAll, 0)]
  return {
    measure,
    [Symbol.asyncDispose]: async () => {
      ended.abort()
      await Promise.all(loops)
    },
  }
}

function fullText(bytes: number, most: number, hasTooMany: boolean): string {
  const used = hasTooMany ? 'more than 100000 files' : `${megabytes(bytes)} of ${megabytes(most)}`
  return `The seat has used ${used}. It is stopped. What the learner wrote is kept.`
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`
}
