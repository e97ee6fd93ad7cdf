import type { OperationSample } from '../data/page-state.ts'

/** A mark is picked within this distance, in pixels of a usual chart. */
const reach = 14
const chart = { width: 900, height: 150, decades: 4 }

/** The sample whose mark is nearest to a place in the chart of latencies. Undefined: none is near. */
export function nearestSample(
  samples: readonly OperationSample[],
  place: { readonly ms: number; readonly tookMs: number; readonly rangeMs: number },
): OperationSample | undefined {
  let nearest: OperationSample | undefined
  let least = reach
  for (const sample of samples) {
    const { startMs, endMs } = sample.operation
    const x = ((sample.ms - place.ms) / place.rangeMs) * chart.width
    const y =
      ((Math.log10(clamp(endMs - startMs)) - Math.log10(clamp(place.tookMs))) / chart.decades) *
      chart.height
    const distance = Math.hypot(x, y)
    if (distance > least) continue
    least = distance
    nearest = sample
  }
  return nearest
}

/** The range of the axis. */
function clamp(ms: number): number {
  return Math.min(9_500, Math.max(1, ms))
}
