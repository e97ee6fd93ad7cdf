import type { ContainerTimes } from '#chaos/contracts/runtime.ts'
import type { InstanceRecord } from '#chaos/contracts/verdict.ts'
import { tickMs } from '#chaos/lib/proc-stat.ts'

import { machineTimes } from './machine-times.ts'
import type { ReadFile } from './machine-times.ts'
import { othersShare, share } from './others-share.ts'
import type { Moment } from './others-share.ts'
import { createOwnContainers } from './own-containers.ts'
import type { Delays } from './read-delays.ts'

export interface RequestedParts {
  /** The containers of the sandbox, where the processes are not visible. */
  readonly containers?: () => Promise<readonly ContainerTimes[]>
  /** Containers whose processor limit is a fault of the run. */
  readonly limitedByFault?: () => ReadonlySet<string>
  readonly delays?: () => Promise<Delays>
}

export interface RequestedRecord {
  /** Never rejects. Does not start a second sample while one is running. */
  sample(): Promise<void>
  othersShare(): number | undefined
  instances(passedMs: number): readonly InstanceRecord[]
  throttledByOthers(passedMs: number): readonly number[]
  linksMs(): number | undefined
  done(): Promise<void>
}

/** Records what the engine of the containers, the instances and the links report on request. */
export function recordRequested(parts: RequestedParts, read: ReadFile): RequestedRecord {
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
    last = { busy: machine.busy, total: machine.total, own: containers.usedMs() / tickMs }
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
    othersShare: () =>
      first === undefined || last === undefined ? undefined : othersShare(first, last),
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
