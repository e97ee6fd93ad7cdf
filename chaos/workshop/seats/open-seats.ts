import pLimit from 'p-limit'

import { createCheckQueue } from './check-queue.ts'
import type { CheckQueue } from './check-queue.ts'
import { keepSeats } from './keep-seats.ts'
import type { KeepSeatsOptions } from './keep-seats.ts'
import { createSeatAccess } from './seat-access.ts'
import type { SeatAccess } from './seat-access.ts'
import { untilCheckEnded } from './seat-checks.ts'
import type { SeatClient } from './seat-client.ts'
import { clearRuns, makeSeatFolders, moveAside, seatFolders, seatSecrets } from './seat-folders.ts'
import type { SeatSecrets } from './seat-folders.ts'
import { createSeat } from './seat.ts'
import type { Seat } from './seat.ts'

/** The seats of one host. */
export interface Seats extends AsyncDisposable {
  /** By number, from 1. */
  readonly all: ReadonlyMap<number, Seat>
  readonly access: SeatAccess
  readonly queue: CheckQueue
  readonly secrets: SeatSecrets
  /** Gives the turn to the next check when this one has ended. `path`: of its run, such as `/api/runs/ID`. */
  watchCheck(seat: Seat, path: string): Promise<void>
  /** Deletes the runs of a seat, and lets it start again if it then has space. */
  clear(seat: Seat): Promise<void>
  /** Stops a seat whose learner is gone, keeps the work beside it, and prepares it empty for the next learner. */
  vacate(seat: Seat): Promise<void>
  /**
   * Starts the seats that no learner has, one after the other, so that the next learner does not wait. Continues with the
   * seats that an earlier host has left running.
   */
  prepare(isTaken: (seat: number) => boolean): void
}

export interface SeatsOptions extends KeepSeatsOptions {
  readonly count: number
  /** The folder of the workshop. */
  readonly folder: string
  /** From which the secrets of the seats follow. */
  readonly secret: string
  /** Of the seats' processes. */
  readonly owner: { readonly uid: number; readonly gid: number }
  /** Of this machine. */
  readonly cores: number
}

/** What the seats tell their host. */
export interface SeatEvents {
  /** A seat responds, and its learner receives it next. */
  readonly onReady: (seat: number, client: SeatClient) => Promise<void>
  readonly onChanged: () => void
}

/** Opens the seats. Containers of an earlier host with the same settings are taken over, and others are removed. */
export async function openSeats(options: SeatsOptions, events: SeatEvents): Promise<Seats> {
  const { engine, clock, folder, owner, cores } = options
  const { onChanged } = events
  const atOnce = Math.max(1, Math.floor(cores / 2))
  const secrets = seatSecrets(options.secret)
  const inTurn = pLimit(atOnce)
  const queue = createCheckQueue({ most: atOnce, clock, onChanged })
  const before = await engine.list()
  const all = new Map<number, Seat>()
  for (let seat = 1; seat <= options.count; seat++) {
    const folders = seatFolders(folder, seat)
    await makeSeatFolders(folders, owner)
    const found = before.get(seat)
    const isRunning = found?.isCurrent === true && found.state !== 'ended'
    if (isRunning && found.state === 'frozen') await engine.thaw(seat)
    const token = secrets.token(seat)
    const parts = { seat, token, folders, engine, clock, inTurn, isRunning }
    all.set(seat, createSeat({ ...parts, ...events }))
  }
  for (const [seat, { isCurrent }] of before)
    if (!isCurrent || !all.has(seat)) await engine.remove(seat)
  const ended = new AbortController()
  const keeper = keepSeats({ ...options, all, queue, onChanged })
  return {
    all,
    access: createSeatAccess(clock),
    queue,
    secrets,
    watchCheck: async (seat, path) => {
      const { client } = seat
      // Without more of the processor the check is slower, and goes on.
      await engine.favour(seat.seat, true).catch(() => undefined)
      const isUp = (): boolean => seat.state === 'ready'
      await untilCheckEnded({ client, path, clock, isUp, signal: ended.signal })
      queue.leave(seat.seat)
      await engine.favour(seat.seat, false).catch(() => undefined)
    },
    clear: async (seat) => {
      await seat.sleep('full', 'Its runs are being deleted.')
      await clearRuns(seat.folders)
      await keeper.measure(seat)
    },
    vacate: async (seat) => {
      queue.leave(seat.seat)
      await seat.sleep('asleep')
      await moveAside(seat.folders)
      await makeSeatFolders(seat.folders, owner)
      seat.disk = null
      void seat.prepare()
    },
    prepare: (isTaken) => {
      for (const seat of all.values())
        if (!isTaken(seat.seat)) void seat.prepare()
        else if (seat.hasContainer) seat.wake().catch(() => undefined)
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort()
      await keeper[Symbol.asyncDispose]()
      await Promise.all([...all.values()].map(async (seat) => seat[Symbol.asyncDispose]()))
    },
  }
}
