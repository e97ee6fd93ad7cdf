/** Processor time up to one moment, in ticks. */
export interface Moment {
  /** Of the whole machine. */
  readonly busy: number
  readonly total: number
  /** Of the sandbox. */
  readonly own: number
}

/** The share of the processors that other programs used in between, 0 to 1. Undefined: no time has passed. */
export function othersShare(first: Moment, last: Moment): number | undefined {
  const total = last.total - first.total
  if (total === 0) return undefined
  return share((last.busy - first.busy - (last.own - first.own)) / total)
}

/** The kernel and the engine update their counters at different moments, so a share can be a little outside of 0 to 1. */
export function share(value: number): number {
  return Math.min(1, Math.max(0, value))
}
