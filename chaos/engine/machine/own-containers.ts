import type { ContainerTimes } from '#chaos/contracts/runtime.ts'

interface Known {
  usedMs: number
  throttledMs: number
  /** As last reported: a restarted container counts from 0 again. */
  last: ContainerTimes
}

export interface OwnContainers {
  add(times: readonly ContainerTimes[]): void
  /** Processor time of all containers since the first report, in milliseconds. */
  usedMs(): number
  /** How long its limit has stopped each container since the first report, in milliseconds. */
  throttledMs(): ReadonlyMap<string, number>
}

/** Adds up the processor time of containers, also of those that restart. */
export function createOwnContainers(): OwnContainers {
  const known = new Map<string, Known>()
  const grown = (now: number, last: number): number => (now >= last ? now - last : now)
  return {
    add(times) {
      for (const now of times) {
        const before = known.get(now.name)
        if (before === undefined) {
          known.set(now.name, { usedMs: 0, throttledMs: 0, last: now })
          continue
        }
        before.usedMs += grown(now.usedMs, before.last.usedMs)
        before.throttledMs += grown(now.throttledMs, before.last.throttledMs)
        before.last = now
      }
    },
    usedMs: () => [...known.values()].reduce((sum, { usedMs }) => sum + usedMs, 0),
    throttledMs: () => new Map([...known].map(([name, { throttledMs }]) => [name, throttledMs])),
  }
}
