import type { MachineRecord } from '#chaos/contracts/verdict.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import {
  listSystemFolder,
  machineTimes,
  pressureMs,
  processorLimit,
  readSystemFile,
  throttledMs,
} from './machine-times.ts'
import type { ListFolder, ReadFile } from './machine-times.ts'
import { othersShare, share } from './others-share.ts'
import { createOwnProcesses } from './own-processes.ts'
import { recordRequested } from './record-requested.ts'
import type { RequestedParts } from './record-requested.ts'

export interface MachineParts extends RequestedParts {
  readonly clock: Clock
  /** The processes of the sandbox at this moment. Absent, or undefined: not visible from here. */
  readonly pids?: () => readonly number[] | undefined
  /** The longest delay of this process' event loop so far, in milliseconds. */
  readonly loopDelayMs?: () => number
  readonly read?: ReadFile
  readonly list?: ListFolder
}

const sampleMs = 500
/** Requests cost more than reading files. */
const requestEverySamples = 4

export interface MachineRecording extends AsyncDisposable {
  /** The record up to now. */
  readonly soFar: () => Promise<MachineRecord>
}

/**
 * Records from now on how much of the machine other programs use. Work of the sandbox itself does not count: code that blocks a
 * processor is not excused by that.
 */
export function recordMachine(parts: MachineParts): MachineRecording {
  const { clock, pids, read = readSystemFile, list = listSystemFolder } = parts
  const own = createOwnProcesses(() => pids?.() ?? [], read, list)
  const requested = recordRequested(parts, read)
  const first = machineTimes(read)
  const firstThrottledMs = throttledMs(read) ?? 0
  const firstPressureMs = pressureMs(read)
  const startMs = clock.now()
  let lateMaxMs = 0
  const stop = new AbortController()

  own.sample()
  void requested.sample()
  const running = (async () => {
    for (let i = 1; !stop.signal.aborted; i++) {
      const dueMs = clock.now() + sampleMs
      await clock.sleep(sampleMs, stop.signal).catch(() => undefined)
      if (stop.signal.aborted) return
      lateMaxMs = Math.max(lateMaxMs, clock.now() - dueMs)
      own.sample()
      if (i % requestEverySamples === 0) void requested.sample()
    }
  })()

  const shareByProcesses = (): number | undefined => {
    const now = machineTimes(read)
    if (now === undefined || first === undefined || pids?.() === undefined) return undefined
    return othersShare({ ...first, own: 0 }, { ...now, own: own.ticks() })
  }

  return {
    async soFar() {
      await requested.sample()
      // The times of the machine and of the processes must be of the same moment.
      own.sample()
      const passedMs = Math.max(1, clock.now() - startMs)
      const byOthers = shareByProcesses() ?? requested.othersShare()
      const instances = requested.instances(passedMs)
      const pressed = pressureMs(read)
      const limit = processorLimit(read)
      const linksMs = requested.linksMs()
      return {
        ...(byOthers === undefined ? {} : { othersShare: byOthers }),
        throttledShare: Math.max(
          share(((throttledMs(read) ?? 0) - firstThrottledMs) / passedMs),
          ...requested.throttledByOthers(passedMs),
        ),
        lateMaxMs: Math.max(lateMaxMs, parts.loopDelayMs?.() ?? 0),
        ...(first === undefined ? {} : { processors: first.processors }),
        ...(limit === undefined ? {} : { processorLimit: limit }),
        ...(pressed === undefined || firstPressureMs === undefined
          ? {}
          : { pressureShare: share((pressed - firstPressureMs) / passedMs) }),
        ...(linksMs === undefined ? {} : { linksLateMaxMs: linksMs }),
        ...(instances.length === 0 ? {} : { instances }),
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
      await requested.done()
    },
  }
}
