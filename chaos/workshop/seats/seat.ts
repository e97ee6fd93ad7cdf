import { join } from 'node:path'

import type { SeatState } from '#chaos/contracts/workshop.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { createSeatClient } from './seat-client.ts'
import type { SeatClient } from './seat-client.ts'
import { createSeatContainer } from './seat-container.ts'
import type { SeatContainer, SeatContainerOptions } from './seat-container.ts'
import { socketName } from './seat-engine.ts'
import type { SeatFolders } from './seat-engine.ts'

/** One seat. Its container exists only while it is `starting`, `spare` or `ready`. */
export interface Seat extends AsyncDisposable {
  readonly seat: number
  readonly state: SeatState
  readonly client: SeatClient
  readonly folders: SeatFolders
  /** Why it is `failed` or `full`. Null: nothing is wrong. */
  readonly problem: string | null
  readonly hasContainer: boolean
  /** On the monotonic clock: the last request of a page. */
  lastUsedMs: number
  /** Requests of its pages that have not ended. A stream is one. */
  openRequests: number
  /** Of its container, bytes. Null: it was not measured. */
  memory: number | null
  /** Of its folder, bytes. Null: it was not measured. */
  disk: number | null
  /** Resolves when it is `ready`. Rejects with {@link InputError} if it is `full`, or does not start. */
  wake(): Promise<void>
  /** Starts it, and freezes it until a learner receives it. Does not reject. */
  prepare(): Promise<void>
  /** Ends its container. `full` needs {@link Seat.empty} before it starts again. */
  sleep(state: 'asleep' | 'full', problem?: string): Promise<void>
  /** It is no longer `full`. */
  empty(): void
  /** Its container has ended by itself. */
  noteEnded(): void
}

export interface SeatOptions extends SeatContainerOptions {
  /** It responds. Before it is `ready`. */
  readonly onReady: (seat: number, client: SeatClient) => Promise<void>
  readonly onChanged: () => void
}

export function createSeat(options: SeatOptions): Seat {
  const { seat, token, folders, engine, clock, onReady, onChanged } = options
  const client = createSeatClient(join(folders.state, socketName), token)
  const ended = new AbortController()
  const container = createSeatContainer(options, client, ended.signal)
  const { now, enter, start } = createStates(container, onChanged)
  const wakeNow = async (): Promise<void> => {
    if (now.state === 'spare') await engine.thaw(seat)
    await start(async () => {
      await onReady(seat, client)
      enter('ready')
    })
  }
  const freeze = async (): Promise<void> => {
    await engine.freeze(seat)
    enter('spare')
  }
  const starts = createOneAtATime()
  return {
    seat,
    client,
    folders,
    lastUsedMs: clock.now(),
    openRequests: 0,
    memory: null,
    disk: null,
    get state() {
      return now.state
    },
    get problem() {
      return now.problem
    },
    get hasContainer() {
      return container.exists
    },
    wake: async () => {
      if (now.state === 'full') throw full(now.problem)
      // It may be preparing: then it is spare, and not ready.
      while (now.state !== 'ready') await starts.run(wakeNow)
    },
    prepare: async () => starts.run(async () => start(freeze)).catch(() => undefined),
    sleep: async (next, why) =>
      starts.run(async () => {
        enter(next, why)
        await container.down()
      }),
    empty: () => {
      if (now.state === 'full') enter('asleep')
    },
    noteEnded: () => {
      container.noteEnded()
      if (now.state === 'ready')
        enter('asleep', 'Its container has ended. The next request starts it.')
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort()
      await starts.ended()
      await client[Symbol.asyncDispose]()
      await container.down()
    },
  }
}

/** The state of a seat, and what changes it while its container starts. */
function createStates(container: SeatContainer, onChanged: () => void) {
  const now: { state: SeatState; problem: string | null } = { state: 'asleep', problem: null }
  const enter = (state: SeatState, problem: string | null = null): void => {
    Object.assign(now, { state, problem })
    onChanged()
  }
  const start = async (whenUp: () => Promise<void>): Promise<void> => {
    enter('starting')
    try {
      await container.up()
      await whenUp()
    } catch (error) {
      await container.down().catch(() => undefined)
      const failure = error instanceof InputError ? error : engineFailed(error)
      enter('failed', failure.message)
      throw failure
    }
  }
  return { now, enter, start }
}

function engineFailed(error: unknown): InputError {
  return new InputError(`The seat does not start: ${messageOf(error)}.`, {
    remedy: 'Load the page again. If that does not help, look at the Docker engine of the host.',
    status: 503,
    cause: error,
  })
}

/** A call that comes while work is in progress waits for it, and starts nothing. */
function createOneAtATime(): {
  run(work: () => Promise<void>): Promise<void>
  ended(): Promise<void>
} {
  let current: Promise<void> | undefined
  return {
    run: async (work) => {
      current ??= work().finally(() => {
        current = undefined
      })
      await current
    },
    ended: async () => current?.catch(() => undefined),
  }
}

function full(problem: string | null): InputError {
  return new InputError(problem ?? 'The disk of the seat is full.', {
    remedy: 'Ask the instructor to delete the runs of the seat.',
    status: 507,
  })
}
