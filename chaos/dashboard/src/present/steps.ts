import type { StageBand, StageSample } from './stage.ts'

/** A part of the chart with one height: operations per second, by outcome. */
export interface Step {
  readonly fromMs: number
  readonly toMs: number
  readonly ok: number
  readonly unknown: number
  readonly fail: number
}

const stepMs = 1_000
/** A shorter step would turn one operation into a high rate. */
const shortestMs = 400

/**
 * The steps of a chart. They begin at whole seconds and at the edges of faults, so that no failure is drawn before its fault.
 */
export function stepsOf(
  samples: readonly StageSample[],
  bands: readonly Pick<StageBand, 'fromMs' | 'toMs'>[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly Step[] {
  const cuts = cutsOf(bands, fromMs, toMs)
  return cuts.slice(1).map((end, i) => {
    const start = cuts[i] ?? fromMs
    const mine = samples.filter(({ ms }) => ms >= start && ms < end)
    const rate = (outcome: StageSample['outcome']): number =>
      (mine.filter((sample) => sample.outcome === outcome).length * 1_000) / (end - start)
    return {
      fromMs: start,
      toMs: end,
      ok: rate('ok'),
      unknown: rate('unknown'),
      fail: rate('fail'),
    }
  })
}

function cutsOf(
  bands: readonly Pick<StageBand, 'fromMs' | 'toMs'>[],
  fromMs: number,
  toMs: number,
): readonly number[] {
  const edges = bands
    .flatMap((band) => [band.fromMs, band.toMs ?? Infinity])
    .filter((ms) => ms > fromMs && ms < toMs)
    .toSorted((a, b) => a - b)
    .filter((ms, i, all) => i === 0 || ms - (all[i - 1] ?? 0) >= shortestMs)
  const first = Math.ceil(fromMs / stepMs) * stepMs
  const grid: number[] = []
  for (let ms = first; ms < toMs; ms += stepMs)
    if (edges.every((edge) => Math.abs(edge - ms) >= shortestMs)) grid.push(ms)
  const cuts = [...grid, ...edges].toSorted((a, b) => a - b)
  // The current step is not complete and would look like a fall.
  return toMs - (cuts.at(-1) ?? toMs) >= shortestMs ? [...cuts, toMs] : cuts
}
