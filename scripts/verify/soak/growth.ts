import { type Flatness, flatnessOf } from '../flatness.ts'
import type { NamedProcess, Usage } from './process-usage.ts'

/** Allowed growth of what a process uses. */
const shareMax = 0.3
/**
 * Of a process whose memory in use is known, also its resident memory is judged. After a burst of work it stays higher, because the
 * allocator keeps pages for later. A leak in a library has no such limit.
 */
const residentShareMax = 1
/**
 * A young process grows until its pools are full and its code is compiled, and V8 collects its old objects for the first
 * time. In the shop this takes up to five minutes.
 */
const warmUpS = 360
/** A process that lived for fewer samples after its warm-up says nothing. */
const samplesMin = 9

/** Collects samples by process, and finds those that grew. */
export interface GrowthRecord {
  add(atS: number, usage: ReadonlyMap<NamedProcess, Measured>): void
  /** Processes that lived long enough to be judged. */
  readonly judged: readonly string[]
  /** Of each of them, its process that lived longest: `worker-1 80 -> 84`, megabytes in use, or resident if that is not known. */
  readonly levels: readonly string[]
  /** `worker-1 (pid 7) grew from 80 to 140 MB`. Empty: memory and handles of all judged processes are flat. */
  readonly grown: readonly string[]
}

export function recordGrowth(): GrowthRecord {
  const lifetimes = new Map<string, Lifetime>()
  const judged = () => [...lifetimes].filter(([, { list }]) => list.length >= samplesMin)
  return {
    add: (atS, usage) => {
      for (const [{ name, pid }, used] of usage) {
        const key = `${name} (pid ${pid})`
        const kept = lifetimes.get(key) ?? { name, firstS: atS, list: [] }
        lifetimes.set(key, kept)
        if (atS - kept.firstS >= warmUpS) kept.list.push({ atS, ...used })
      }
    },
    get judged() {
      return [...new Set(judged().map(([, { name }]) => name))].toSorted()
    },
    get levels() {
      const longest = new Map<string, readonly Sample[]>()
      for (const [, { name, list }] of judged())
        if (list.length > (longest.get(name)?.length ?? 0)) longest.set(name, list)
      const lines = [...longest].map(([name, list]) => {
        const { before, after } = levelsOf(list, isInUseKnown(list) ? 'inUse' : 'megabytes')
        return `${name} ${before.toFixed(0)} -> ${after.toFixed(0)}`
      })
      return lines.toSorted()
    },
    get grown() {
      return judged().flatMap(([key, { list }]) => [
        ...(isInUseKnown(list)
          ? [
              ...growth(key, list, 'inUse', 'MB in use'),
              ...growth(key, list, 'megabytes', 'MB resident', residentShareMax),
            ]
          : growth(key, list, 'megabytes', 'MB')),
        ...growth(key, list, 'handles', 'handles'),
      ])
    },
  }
}

/** A process at one moment. */
export interface Measured extends Usage {
  /** Megabytes in use after a collection of garbage. Absent: not known. */
  readonly inUse?: number
}

interface Lifetime {
  readonly name: string
  readonly firstS: number
  /** After the warm-up. */
  readonly list: Sample[]
}

interface Sample extends Measured {
  readonly atS: number
}

function growth(
  key: string,
  list: readonly Sample[],
  what: keyof Measured,
  unit: string,
  share?: number,
): readonly string[] {
  const { flat, before, after } = levelsOf(list, what, share)
  return flat ? [] : [`${key} grew from ${before.toFixed(0)} to ${after.toFixed(0)} ${unit}`]
}

/** In enough samples for a judgement: a process that is paused does not answer. */
function isInUseKnown(list: readonly Sample[]): boolean {
  return list.filter(({ inUse }) => inUse !== undefined).length >= samplesMin
}

function levelsOf(list: readonly Sample[], what: keyof Measured, share = shareMax): Flatness {
  const samples = list.flatMap((sample) => {
    const size = sample[what]
    return size === undefined ? [] : [{ atS: sample.atS, megabytes: size }]
  })
  return flatnessOf(samples, share, lowest)
}

/** Between two garbage collections the memory of a process rises by far more than a leak. What remains after one counts. */
function lowest(values: readonly number[]): number {
  return Math.min(...values)
}
