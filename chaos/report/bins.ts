import type { Outcome } from '#chaos/contracts/history.ts'

/** A finished operation. */
export interface Finished {
  /** Its end, on any clock. */
  readonly ms: number
  readonly outcome: Outcome
}

/** The time in which a fault is active. `toMs` is null while it is. */
export interface Interval {
  readonly fromMs: number
  readonly toMs: number | null
}

/** Part of the time axis, and how many operations per second finished in it. */
export interface Bin {
  readonly fromMs: number
  readonly toMs: number
  readonly perSecond: Readonly<Record<Outcome, number>>
}

/** Of a chart. More would be narrower than a line. */
const binsMax = 400
const widths = [100, 150, 200, 250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000]
/** Fewer operations in a bin would make a steady rate look unsteady. */
const operationsWanted = 4
/** A bin becomes wider for {@link operationsWanted} up to this width. */
const sparseWidthMs = 250
/** Runs above this length have bins of half a second, those above twice the length of a second. */
const shortRunMs = 30_000

/** The width of the bins for a chart of this length: 100 to 250 ms for a short run. */
export function binWidth(durationMs: number, operations: number): number {
  const least =
    durationMs > 2 * shortRunMs ? 1_000 : durationMs > shortRunMs ? 500 : (widths[0] ?? 100)
  const dense = operations === 0 ? Infinity : (operationsWanted * durationMs) / operations
  const wanted = Math.max(least, durationMs / binsMax, Math.min(dense, sparseWidthMs))
  return widths.find((width) => width >= wanted) ?? Math.ceil(durationMs / binsMax)
}

/**
 * The bins of a time axis. Each edge of a fault ends a bin: an effect can never appear before its cause. Between the edges, bins
 * begin at multiples of the width, so they stay where they are while a live axis moves.
 */
export function binsOf(
  operations: readonly Finished[],
  axis: {
    readonly fromMs: number
    readonly toMs: number
    readonly widthMs: number
    readonly faults: readonly Interval[]
  },
): readonly Bin[] {
  const { fromMs, toMs, widthMs } = axis
  if (toMs <= fromMs) return []
  const bounds = boundsOf(axis)
  const counts = bounds.slice(1).map(() => ({ ok: 0, unknown: 0, fail: 0 }))
  for (const { ms, outcome } of operations) {
    if (ms < fromMs || ms > toMs) continue
    // The last bin has its end, too.
    const bin = counts[Math.min(lastAtMost(bounds, ms), counts.length - 1)]
    if (bin !== undefined) bin[outcome]++
  }
  return counts.map((count, i) => {
    const [from = fromMs, to = toMs] = [bounds[i], bounds[i + 1]]
    // One operation in a few milliseconds would be a rate that hides all others.
    const seconds = Math.max(to - from, widthMs / 2) / 1_000
    const { ok, unknown, fail } = count
    const perSecond = { ok: ok / seconds, unknown: unknown / seconds, fail: fail / seconds }
    return { fromMs: from, toMs: to, perSecond }
  })
}

/** A step of one curve: from `x1` to `x2` it has the height `y`. */
export interface Step {
  readonly fromMs: number
  readonly toMs: number
  readonly value: number
}

/** The curve of one outcome as steps. Neighbours with the same value are one step. */
export function stepsOf(bins: readonly Bin[], outcome: Outcome): readonly Step[] {
  const steps: Step[] = []
  for (const { fromMs, toMs, perSecond } of bins) {
    const value = perSecond[outcome]
    const last = steps.at(-1)
    if (last?.value === value && last.toMs === fromMs) steps[steps.length - 1] = { ...last, toMs }
    else steps.push({ fromMs, toMs, value })
  }
  return steps
}

/** Where bins begin, and the end of the last one. */
function boundsOf({
  fromMs,
  toMs,
  widthMs,
  faults,
}: Parameters<typeof binsOf>[1]): readonly number[] {
  const inside = (ms: number): boolean => ms > fromMs && ms < toMs
  const begins = unique(faults.map((fault) => fault.fromMs).filter(inside))
  const kept = [fromMs, ...begins, toMs]
  const ends = unique(faults.flatMap((fault) => fault.toMs ?? []).filter(inside))
  // The end of a fault needs no bin of its own if another edge is near: what comes after it has no cause in it.
  for (const end of ends) if (isFarFrom(kept, end, widthMs / 2)) kept.push(end)
  const edges = unique(kept)
  const grid: number[] = []
  for (let ms = Math.ceil(fromMs / widthMs) * widthMs; ms < toMs; ms += widthMs) {
    const next = firstAbove(edges, ms)
    const [before = fromMs, after = toMs] = [edges[next - 1], edges[next]]
    if (ms - before >= widthMs / 2 && after - ms >= widthMs / 2) grid.push(ms)
  }
  return unique([...edges, ...grid])
}

function isFarFrom(edges: readonly number[], ms: number, distance: number): boolean {
  return edges.every((edge) => Math.abs(edge - ms) >= distance)
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)].toSorted((a, b) => a - b)
}

/** Index of the last value that is not above `ms`. */
function lastAtMost(sorted: readonly number[], ms: number): number {
  return firstAbove(sorted, ms) - 1
}

function firstAbove(sorted: readonly number[], ms: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) <= ms) low = middle + 1
    else high = middle
  }
  return low
}
