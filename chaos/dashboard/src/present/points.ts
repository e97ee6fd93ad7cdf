import type { Recording } from './recorder.ts'

/**
 * The moments between which a remote control steps: markers, the start and the end of each fault, and the first failure after
 * a time without failures. In time order.
 */
export function pointsOf(
  { changes, samples }: Pick<Recording, 'changes' | 'samples'>,
  markers: readonly { readonly ms: number }[],
): readonly number[] {
  const faults = changes
    .since(-Infinity)
    .filter((change) => change.type === 'fault' && change.what !== 'failed')
  const moments = [...markers, ...faults, ...firstFailures(samples.since(-Infinity))]
  return [...new Set(moments.map(({ ms }) => ms))].toSorted((a, b) => a - b)
}

const healthyMs = 3_000

function firstFailures<T extends { readonly ms: number; readonly result: string }>(
  samples: readonly T[],
): readonly T[] {
  const failed = samples.filter(({ result }) => result === 'failing')
  const begin = samples[0]?.ms ?? 0
  return failed.filter(({ ms }, i) => ms - (failed[i - 1]?.ms ?? begin) >= healthyMs)
}

/** Two points that are nearer than this are one for a user. */
const nearMs = 300

/** The last point before the moment. Without one: `backMs` before it. */
export function pointBefore(points: readonly number[], ms: number, backMs: number): number {
  return points.findLast((one) => one < ms - nearMs) ?? ms - backMs
}

/** The first point after the moment. Null: there is none. */
export function pointAfter(points: readonly number[], ms: number): number | null {
  return points.find((one) => one > ms + nearMs) ?? null
}
