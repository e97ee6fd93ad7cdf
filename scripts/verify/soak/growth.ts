import { type Flatness, flatnessOf } from '../flatness.ts'
import type { NamedProcess, Usage } from './process-usage.ts'

/** Allowed growth of what a process uses: memory of young processes grows until their garbage collector has settled. */
const shareMax = 0.3
/**
 * A young process grows until its pools are full and its code is compiled, and V8 collects its old objects for the first
 * time. In the shop this takes up to five minutes.
 */
const warmUpS = 360
/** A process that lived for fewer samples after its warm-up says nothing. */
const samplesMin = 9

/** Collects samples by process, and finds those that grew. */
export interface GrowthRecord {
  add(atS: number, usage: ReadonlyMap<NamedProcess, Usage>): void
  /** Processes that lived long enough to be judged. */
  readonly judged: readonly string[]
  /** Of each of them, its process that lived longest: `worker-1 80 -> 84`, in megabytes. */
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
        const { before, after } = levelsOf(list, 'megabytes')
        return `${name} ${before.toFixed(0)} -> ${after.toFixed(0)}`
      })
      return lines.toSorted()
    },
    get grown() {
      return judged().flatMap(([key, { list }]) => [
        ...growth(key, list, 'megabytes', 'MB'),
        ...growth(key, list, 'handles', 'handles'),
      ])
    },
  }
}

interface Lifetime {
  readonly name: string
  readonly firstS: number
  /** After the warm-up. */
  readonly list: Sample[]
}

interface Sample extends Usage {
  readonly atS: number
}

function growth(
  key: string,
  list: readonly Sample[],
  what: keyof Usage,
  unit: string,
): readonly string[] {
  const { flat, before, after } = levelsOf(list, what)
  return flat ? [] : [`${key} grew from ${before.toFixed(0)} to ${after.toFixed(0)} ${unit}`]
}

function levelsOf(list: readonly Sample[], what: keyof Usage): Flatness {
  const samples = list.map((sample) => ({ atS: sample.atS, megabytes: sample[what] }))
  return flatnessOf(samples, shareMax, lowest)
}

/** Between two garbage collections the memory of a process rises by far more than a leak. What remains after one counts. */
function lowest(values: readonly number[]): number {
  return Math.min(...values)
}
