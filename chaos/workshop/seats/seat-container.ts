import { stripVTControlCharacters } from 'node:util'

import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'

import type { SeatClient } from './seat-client.ts'
import type { SeatEngine, SeatFolders } from './seat-engine.ts'

/** Many seats that start at once make each other slow. */
const readyWithinMs = 120_000
const pollMs = 200
/** Characters of what a seat has printed, in a message. */
const printedMax = 400

/** The container of one seat, and whether its API responds. */
export interface SeatContainer {
  readonly exists: boolean
  /** Starts it if it does not run, and resolves when its API responds. Throws {@link InputError} if it never does. */
  up(): Promise<void>
  down(): Promise<void>
  /** It has ended by itself. */
  noteEnded(): void
}

export interface SeatContainerOptions {
  readonly seat: number
  /** Of the API in the seat. */
  readonly token: string
  readonly folders: SeatFolders
  readonly engine: SeatEngine
  readonly clock: Clock
  /** Runs as many starts at once as the machine can bear. */
  readonly inTurn: <T>(start: () => Promise<T>) => Promise<T>
  /** An earlier host has left it running. */
  readonly isRunning: boolean
}

/** `signal` ends a start. */
export function createSeatContainer(
  { seat, token, folders, engine, clock, inTurn, isRunning }: SeatContainerOptions,
  client: SeatClient,
  signal: AbortSignal,
): SeatContainer {
  let exists = isRunning
  const untilAlive = async (): Promise<void> => {
    const lateAt = clock.now() + readyWithinMs
    while (!(await isAlive(client))) {
      const found = (await engine.list()).get(seat)
      if (found?.state !== 'running' || clock.now() > lateAt)
        throw doesNotStart(seat, await engine.lastLines(seat).catch(() => []))
      await clock.sleep(pollMs, signal)
    }
  }
  return {
    get exists() {
      return exists
    },
    up: async () => {
      if (exists) return await untilAlive()
      await inTurn(async () => {
        signal.throwIfAborted()
        exists = true
        await engine.start({ seat, token, folders })
        await untilAlive()
      })
    },
    down: async () => {
      exists = false
      await engine.remove(seat)
    },
    noteEnded: () => {
      exists = false
    },
  }
}

async function isAlive(client: SeatClient): Promise<boolean> {
  try {
    const { status } = await client.json({ method: 'GET', path: '/api/alive' })
    return status === 200
  } catch {
    return false
  }
}

function doesNotStart(seat: number, lines: readonly string[]): InputError {
  const last = stripVTControlCharacters(lines.join(' | '))
  const printed = last === '' ? '' : ` It printed last: ${shortened(last, printedMax)}`
  return new InputError(`Seat ${seat} does not start.${printed}`, {
    remedy:
      'Load the page again. If that does not help, the machine has too little memory for its seats: see docs/workshop.md.',
    status: 503,
  })
}
