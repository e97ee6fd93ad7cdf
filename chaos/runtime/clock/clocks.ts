import { fileURLToPath } from 'node:url'

import type { Clocks, LogLine } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { createNamedQueues } from '#chaos/lib/named-queues.ts'

import { clockChangeOf, formatSkews } from './clock-file.ts'
import type { Skew } from './clock-file.ts'

/** Arguments of Node with which a process, and each of its threads, has a clock that can be skewed. */
export const skewedDateArguments: readonly string[] = [
  '--require',
  fileURLToPath(new URL('skewed-date.ts', import.meta.url)),
]

export interface ClocksParts {
  /** Instances whose processes have loaded the program. */
  readonly instances: readonly string[]
  readonly clock: Clock
  /** Replaces the file of the instance. */
  readonly write: (instance: string, text: string) => Promise<void>
  /** Whether its process runs now. One that is paused does not. */
  readonly isRunning: (instance: string) => Promise<boolean>
  /** The last lines of its log. */
  readonly lines: (instance: string) => AsyncIterable<LogLine>
}

/** The line is among the last ones of the log, even if the instance writes a lot. */
export const clockLinesMax = 500
/** A process that works needs a few milliseconds. */
const answerLimitMs = 5_000
const pollMs = 50

export function createClocks(parts: ClocksParts): Clocks {
  const { clock, instances } = parts
  const skews = new Map<string, readonly Skew[]>()
  const inTurn = createNamedQueues()
  const change = async (name: string, to: (now: readonly Skew[]) => readonly Skew[]) =>
    await inTurn(name, async () => {
      const next = to(skews.get(name) ?? []).filter(({ untilMs }) => untilMs > clock.wallTimeMs())
      await parts.write(name, formatSkews(next))
      skews.set(name, next)
    })

  return {
    skew: async (name, { id, offsetMs, drift, leaseMs, signal }) => {
      if (!instances.includes(name)) throw noClock(name, instances)
      const sinceMs = clock.wallTimeMs()
      const skew: Skew = { id, offsetMs, drift, sinceMs, untilMs: sinceMs + leaseMs }
      const heal = async (): Promise<void> => {
        await change(name, (now) => now.filter((one) => one.id !== id))
        await answered(parts, name, (ids) => !ids.includes(id)).catch(() => undefined)
      }
      try {
        await change(name, (now) => [...now.filter((one) => one.id !== id), skew])
        await answered(parts, name, (ids) => ids.includes(id), signal)
      } catch (error) {
        await heal()
        throw error
      }
      return { [Symbol.asyncDispose]: heal }
    },
  }
}

/**
 * Resolves when the process has reported a change that satisfies `isDone`. One that is down or paused reads its file when it
 * runs again, so there is nothing to wait for.
 */
async function answered(
  { clock, lines, isRunning }: ClocksParts,
  name: string,
  isDone: (ids: readonly string[]) => boolean,
  signal?: AbortSignal,
): Promise<void> {
  const untilMs = clock.now() + answerLimitMs
  for (;;) {
    let last: readonly string[] = []
    for await (const { text } of lines(name)) last = clockChangeOf(text)?.skews ?? last
    if (isDone(last)) return
    if (!(await isRunning(name))) return
    if (clock.now() >= untilMs)
      throw new Error(
        `${name} did not change its clock within ${answerLimitMs / 1_000} s. Start it again, then try again: its process may be busy, or it was started without the program that changes its clock.`,
      )
    await clock.sleep(pollMs, signal)
  }
}

function noClock(name: string, instances: readonly string[]): InputError {
  return new InputError(
    `The clock of ${name} cannot be changed: it is not a Node process, and all processes of the machine share one clock.`,
    { remedy: `Choose one of ${instances.join(', ')}.` },
  )
}
