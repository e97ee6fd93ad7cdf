import type { MachineRecord } from '#chaos/contracts/verdict.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import {
  childrenOf,
  listSystemFolder,
  machineTimes,
  processTicks,
  readSystemFile,
  throttledMs,
} from './machine-times.ts'
import type { ListFolder, ReadFile } from './machine-times.ts'

export interface MachineParts {
  readonly clock: Clock
  /** The processes of the sandbox at this moment. Undefined: not visible from here, so nothing is known about others. */
  readonly pids: () => readonly number[] | undefined
  readonly read?: ReadFile
  readonly list?: ListFolder
}

const sampleMs = 500

export interface MachineRecording extends AsyncDisposable {
  /** The record up to now. */
  readonly soFar: () => MachineRecord
}

/**
 * Records from now on how much of the machine other programs use. Work of the sandbox itself does not count: code that blocks a
 * processor is not excused by that.
 */
export function recordMachine(parts: MachineParts): MachineRecording {
  const { clock, pids, read = readSystemFile, list = listSystemFolder } = parts
  const own = new Map<number, { first: number; last: number }>()
  const first = machineTimes(read)
  const firstThrottledMs = throttledMs(read) ?? 0
  const startMs = clock.now()
  let lateMaxMs = 0
  const stop = new AbortController()

  const sample = (isFirst: boolean): void => {
    const all = (pids() ?? []).flatMap((pid) => [pid, ...childrenOf(pid, read, list)])
    for (const pid of new Set(all)) {
      const ticks = processTicks(pid, read)
      if (ticks === undefined) continue
      const known = own.get(pid)
      // A process that appears later has used all of its time during the record.
      if (known === undefined) own.set(pid, { first: isFirst ? ticks : 0, last: ticks })
      else known.last = ticks
    }
  }
  sample(true)
  const running = (async () => {
    while (!stop.signal.aborted) {
      const dueMs = clock.now() + sampleMs
      await clock.sleep(sampleMs, stop.signal).catch(() => undefined)
      if (stop.signal.aborted) return
      lateMaxMs = Math.max(lateMaxMs, clock.now() - dueMs)
      sample(false)
    }
  })()

  return {
    soFar() {
      sample(false)
      const now = machineTimes(read)
      const passedMs = Math.max(1, clock.now() - startMs)
      const throttled = (throttledMs(read) ?? 0) - firstThrottledMs
      const ownTicks = [...own.values()].reduce((sum, ticks) => sum + ticks.last - ticks.first, 0)
      const total = now === undefined || first === undefined ? 0 : now.total - first.total
      const busy = now === undefined || first === undefined ? 0 : now.busy - first.busy
      return {
        ...(total === 0 || pids() === undefined
          ? {}
          : { othersShare: Math.min(1, Math.max(0, (busy - ownTicks) / total)) }),
        throttledShare: Math.min(1, throttled / passedMs),
        lateMaxMs,
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}
