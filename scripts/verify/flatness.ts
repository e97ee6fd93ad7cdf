import { median } from '#chaos/lib/percentile.ts'

/** The memory of a process at one moment. */
export interface MemorySample {
  /** Seconds since the start of the soak. */
  readonly atS: number
  readonly megabytes: number
}

export interface Flatness {
  readonly flat: boolean
  /** The level of the first third and of the last third, in megabytes. */
  readonly before: number
  readonly after: number
}

/** Allowed growth: a garbage collector works in steps. */
const slackMegabytes = 10
const slackShare = 0.1

/**
 * Memory is flat if the last third is at most 10 % or 10 MB above the first third; `share` replaces the 10 %. It needs nine
 * samples. `levelOf` says what counts of a third: the median, if the samples follow a garbage collection.
 */
export function flatnessOf(
  samples: readonly MemorySample[],
  share = slackShare,
  levelOf: (megabytes: readonly number[]) => number = median,
): Flatness {
  const third = Math.floor(samples.length / 3)
  if (third < 3) return { flat: false, before: Number.NaN, after: Number.NaN }
  const sizes = samples.map(({ megabytes }) => megabytes)
  const [before, after] = [levelOf(sizes.slice(0, third)), levelOf(sizes.slice(-third))]
  return { flat: after - before <= Math.max(slackMegabytes, share * before), before, after }
}
