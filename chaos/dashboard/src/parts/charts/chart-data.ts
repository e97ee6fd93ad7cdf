import type uPlot from 'uplot'

import type { Outcome } from '../../../../contracts/history.ts'
import type { TruthFigure } from '../../../../contracts/system/system-page.ts'
import { binsOf, binWidth, type Interval } from '../../../../report/bins.ts'
import { figuresSamples, type OperationSample } from '../../data/page-state.ts'
import { valueOf } from '../../data/truth-figures.ts'

/**
 * Finished operations per second as steps: one row each for `ok`, `unknown` and `fail`. The value of a bin is at its start; the end
 * of the last bin repeats it. `isLive`: the time goes on, so bins stay at their places, and the one of this moment is left out: it
 * is not complete and would look like a fall.
 */
export function outcomeData(
  samples: readonly OperationSample[],
  axis: {
    readonly fromMs: number
    readonly toMs: number
    readonly faults: readonly Interval[]
    readonly isLive: boolean
  },
): uPlot.AlignedData {
  const widthMs = binWidth(axis.toMs - axis.fromMs, samples.length)
  const whole = (ms: number): number => Math.floor(ms / widthMs) * widthMs
  const bins = binsOf(
    samples.map(({ ms, operation: { outcome } }) => ({ ms, outcome })),
    {
      widthMs,
      faults: axis.faults,
      fromMs: axis.isLive ? whole(axis.fromMs) : axis.fromMs,
      toMs: axis.isLive ? whole(axis.toMs) : axis.toMs,
    },
  )
  const last = bins.at(-1)
  if (last === undefined) return [[], [], [], []]
  const row = (outcome: Outcome): number[] => [
    ...bins.map(({ perSecond }) => perSecond[outcome]),
    last.perSecond[outcome],
  ]
  const times = [...bins.map(({ fromMs }) => fromMs / 1_000), last.toMs / 1_000]
  return [times, row('ok'), row('unknown'), row('fail')]
}

/** Milliseconds of each operation, at least 1: the scale is logarithmic. */
export function latencyData(samples: readonly OperationSample[]): uPlot.AlignedData {
  return [
    samples.map((sample) => sample.ms / 1_000),
    samples.map(({ operation }) => Math.max(1, operation.endMs - operation.startMs)),
  ]
}

/** Figures of the sources of truth over time: one row for each. */
export function figureData(figures: readonly TruthFigure[], fromMs: number): uPlot.AlignedData {
  const samples = figuresSamples
    .since(fromMs)
    .filter((sample) => sample.figures.truth !== undefined)
  return [
    samples.map((sample) => sample.ms / 1_000),
    ...figures.map((figure) =>
      samples.map(({ figures: { truth } }) => valueOf(figure, truth ?? {})),
    ),
  ]
}

/** Open connections of groups of links over time: one row for each group. */
export function connectionData(
  groups: readonly ReadonlySet<string>[],
  fromMs: number,
): uPlot.AlignedData {
  const samples = figuresSamples.since(fromMs)
  return [
    samples.map((sample) => sample.ms / 1_000),
    ...groups.map((links) =>
      samples.map((sample) =>
        sample.figures.links
          .filter(({ link }) => links.has(link))
          .reduce((sum, { connections }) => sum + connections, 0),
      ),
    ),
  ]
}
