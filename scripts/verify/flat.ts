import { median } from '#chaos/lib/percentile.ts'

/** One look at the memory of a process. */
export interface MemorySample {
  /** Since the beginning of the soak, seconds. */
  readonly atS: number
  readonly megabytes: number
}

export interface Flatness {
  readonly flat: boolean
  /** Median of the first third and of the last third. */
  readonly before: number
  readonly after: number
}

/** What is always allowed: a garbage collector works in steps. */
const slackMegabytes = 10
const slackShare = 0.1

/** Whether memory stays where it is: the last third is at most a tenth (or 10 MB) above the first. */
export function flatnessOf(samples: readonly MemorySample[]): Flatness {
  const third = Math.floor(samples.length / 3)
  if (third < 3) return { flat: false, before: Number.NaN, after: Number.NaN }
  const sizes = samples.map(({ megabytes }) => megabytes)
  const [before, after] = [median(sizes.slice(0, third)), median(sizes.slice(-third))]
  return { flat: after - before <= Math.max(slackMegabytes, slackShare * before), before, after }
}
