import type { Workload } from '#chaos/contracts/scenario.ts'
import type { Random } from '#chaos/lib/random.ts'

/** The moment of one operation. */
export interface Arrival<Kind extends string = string> {
  readonly kind: Kind
  /** Milliseconds after the load starts. */
  readonly atMs: number
  /** Among the arrivals of its kind, from 1. */
  readonly number: number
  /** The seeded source of its kind. */
  readonly random: Random
}

/**
 * Plans every arrival at the rates of a workload, kind by kind. Each kind has its own seeded source: a new rate for one kind
 * leaves the other kinds unchanged.
 */
export function planArrivals<Kind extends string, Planned>(
  { rates, durationMs }: Pick<Workload, 'rates' | 'durationMs'>,
  kinds: readonly Kind[],
  random: Random,
  plan: (arrival: Arrival<Kind>) => readonly Planned[],
): readonly Planned[] {
  return kinds.flatMap((kind) => {
    const source = random.fork(`workload ${kind}`)
    return arrivals(rates[kind] ?? 0, durationMs, source).flatMap((atMs, index) =>
      plan({ kind, atMs, number: index + 1, random: source }),
    )
  })
}

/** One arrival in each slot of `1/perSecond` seconds, at a seeded time in the slot: a steady rate without a fixed interval. */
function arrivals(perSecond: number, durationMs: number, random: Random): number[] {
  const count = Math.floor((perSecond * durationMs) / 1_000)
  const slotMs = 1_000 / perSecond
  return Array.from({ length: count }, (_, slot) => (slot + random.next()) * slotMs)
}
