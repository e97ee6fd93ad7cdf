import { messageOf } from '#chaos/lib/errors.ts'
import { createRandom } from '#chaos/lib/random.ts'

/** One measured figure of one target in one round. */
export interface FigureRow {
  readonly round: number
  readonly target: string
  readonly figure: string
  readonly value: number
}

/** A measurement of a target; `measure` returns figures by name. */
export interface Measure<Target> {
  readonly name: string
  /** Absent: measured on every target. */
  readonly on?: (target: Target) => boolean
  /** At most this many rounds, for slow measurements. */
  readonly roundsMax?: number
  readonly measure: (target: Target) => Promise<Readonly<Record<string, number>>>
}

export interface RoundsOptions<Target> {
  readonly targets: readonly Target[]
  readonly measures: readonly Measure<Target>[]
  readonly rounds: number
  readonly nameOf: (target: Target) => string
  readonly progress: (text: string) => void
}

/** Measures everything on every target. The order of the targets is random in each round, so none of them has an advantage. */
export async function runRounds<Target>(options: RoundsOptions<Target>): Promise<FigureRow[]> {
  const random = createRandom(1)
  const rows: FigureRow[] = []
  for (let round = 1; round <= options.rounds; round++) {
    for (const { name, on, roundsMax = Infinity, measure } of options.measures) {
      if (round > roundsMax) continue
      for (const target of shuffled(options.targets, () => random.next())) {
        if (on !== undefined && !on(target)) continue
        const targetName = options.nameOf(target)
        options.progress(`round ${round}/${options.rounds} ${name} ${targetName}`)
        try {
          for (const [figure, value] of Object.entries(await measure(target)))
            rows.push({ round, target: targetName, figure, value })
        } catch (error) {
          throw new Error(`${name} on ${targetName}: ${messageOf(error)}`, { cause: error })
        }
      }
    }
  }
  return rows
}

function shuffled<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => ({ item, key: next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item)
}
