import type { ContainerTimes } from '#chaos/contracts/runtime.ts'
import type { InstanceRecord, MachineRecord } from '#chaos/contracts/verdict.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import {
  listSystemFolder,
  machineTimes,
  pressureMs,
  processorLimit,
  readSystemFile,
  throttledMs,
  tickMs,
} from './machine-times.ts'
import type { ListFolder, ReadFile } from './machine-times.ts'
import { createOwnContainers } from './own-containers.ts'
import { createOwnProcesses } from './own-processes.ts'

/** Delays since the previous call, in milliseconds. What does not answer is left out. */
export interface Delays {
  /** Of the event loop of each instance. */
  readonly instances: ReadonlyMap<string, number>
  /** Of the timers of the links. */
  readonly linksMs?: number
}

export interface MachineParts {
  readonly clock: Clock
  /** The processes of the sandbox at this moment. Absent, or undefined: not visible from here. */
  readonly pids?: () => readonly number[] | undefined
  /** The containers of the sandbox, where the processes are not visible. */
  readonly containers?: () => Promise<readonly ContainerTimes[]>
  /** Containers whose processor limit is a fault of the run. */
  readonly limitedByFault?: () => ReadonlySet<string>
  readonly delays?: () => Promise<Delays>
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

  const ownShare = (): number | undefined => {
    const now = machineTimes(read)
    if (now === undefined || first === undefined || pids?.() === undefined) return undefined
    const total = now.total - first.total
    return total === 0 ? undefined : (now.busy - first.busy - own.ticks()) / total
  }

  return {
    async soFar() {
      own.sample()
      await requested.sample()
      const passedMs = Math.max(1, clock.now() - startMs)
      const othersShare = ownShare() ?? requested.othersShare()
      const instances = requested.instances(passedMs)
      const pressed = pressureMs(read)
      const limit = processorLimit(read)
      const linksMs = requested.linksMs()
      return {
        ...(othersShare === undefined ? {} : { othersShare: share(othersShare) }),
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

interface Requested {
  /** Never rejects. A sample that is still running is not joined by another one. */
  sample(): Promise<void>
  othersShare(): number | undefined
  instances(passedMs: number): readonly InstanceRecord[]
  throttledByOthers(passedMs: number): readonly number[]
  linksMs(): number | undefined
  done(): Promise<void>
}

/** What the engine of the containers, the instances and the links report when they are asked. */
function recordRequested(parts: MachineParts, read: ReadFile): Requested {
  const containers = createOwnContainers()
  const delays = new Map<string, number>()
  let linksMs: number | undefined
  let current: Promise<void> | undefined
  // The times of the machine and of the containers must be of the same moment.
  let [first, last]: (Moment | undefined)[] = []

  const sampleContainers = async (): Promise<void> => {
    if (parts.containers === undefined) return
    containers.add(await parts.containers())
    const machine = machineTimes(read)
    if (machine === undefined) return
    last = { busy: machine.busy, total: machine.total, ownMs: containers.usedMs() }
    first ??= last
  }
  const sampleDelays = async (): Promise<void> => {
    const now = await parts.delays?.()
    for (const [name, ms] of now?.instances ?? [])
      delays.set(name, Math.max(delays.get(name) ?? 0, ms))
    if (now?.linksMs !== undefined) linksMs = Math.max(linksMs ?? 0, now.linksMs)
  }
  const sample = async (): Promise<void> => {
    await Promise.allSettled([sampleContainers(), sampleDelays()])
    current = undefined
  }
  return {
    sample: async () => await (current ??= sample()),
    done: async () => await current,
    linksMs: () => linksMs,
    othersShare() {
      if (first === undefined || last === undefined) return undefined
      const total = last.total - first.total
      const ownTicks = (last.ownMs - first.ownMs) / tickMs
      return total === 0 ? undefined : (last.busy - first.busy - ownTicks) / total
    },
    throttledByOthers(passedMs) {
      const excepted = parts.limitedByFault?.() ?? new Set()
      const all = [...containers.throttledMs()].filter(([name]) => !excepted.has(name))
      return all.map(([, ms]) => share(ms / passedMs))
    },
    instances(passedMs) {
      const throttled = containers.throttledMs()
      const names = new Set([...delays.keys(), ...throttled.keys()])
      return [...names].toSorted().map((name) => {
        const [delay, stopped] = [delays.get(name), throttled.get(name)]
        return {
          name,
          ...(delay === undefined ? {} : { loopDelayMaxMs: Math.round(delay) }),
          ...(stopped === undefined ? {} : { throttledShare: share(stopped / passedMs) }),
        }
      })
    },
  }
}

interface Moment {
  readonly busy: number
  readonly total: number
  readonly ownMs: number
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value))
}
