import type uPlot from 'uplot'

import type { Outcome } from '../../../../contracts/history.ts'
import type { TruthFigure } from '../../../../contracts/system/system-page.ts'
import { figuresSamples, type OperationSample } from '../../data/page-state.ts'
import { valueOf } from '../../data/truth-figures.ts'

/** Finished operations per second: one row each for `ok`, `unknown` and `fail`. */
export function outcomeData(
  samples: readonly OperationSample[],
  fromMs: number,
  toMs: number,
): uPlot.AlignedData {
  const first = Math.floor(fromMs / 1_000)
  const count = Math.ceil(toMs / 1_000) - first
  const rows: Record<Outcome, number[]> = {
    ok: zeros(count),
    unknown: zeros(count),
    fail: zeros(count),
  }
  for (const { ms, operation } of samples) {
    const row = rows[operation.outcome]
    const second = Math.floor(ms / 1_000) - first
    if (second >= 0 && second < count) row[second] = (row[second] ?? 0) + 1
  }
  // The current second is not complete and would look like a fall.
  const shown = Math.max(0, count - 1)
  const times = Array.from({ length: shown }, (_, i) => first + i + 0.5)
  return [times, rows.ok.slice(0, shown), rows.unknown.slice(0, shown), rows.fail.slice(0, shown)]
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

function zeros(count: number): number[] {
  return Array.from({ length: Math.max(0, count) }, () => 0)
}
