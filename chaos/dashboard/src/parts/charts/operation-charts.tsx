import uPlot from 'uplot'

import type { SystemView } from '../../../../contracts/api.ts'
import { shapeOf } from '../../../../report/charts.ts'
import { getPageState, type OperationSample, usePageState } from '../../data/page-state.ts'
import { latencyData, outcomeData } from './chart-data.ts'
import { Chart, type ChartProps, type PickedMark } from './chart.tsx'
import { drawMark } from './draw-mark.ts'
import { LineKey } from './line-key.tsx'
import { nearestMark, reachPx } from './nearest-mark.ts'

/** What clients experience: responses per second by outcome, and the latency of each request. */
export function OperationCharts({
  read,
  openFlow,
  ...rest
}: Pick<ChartProps, 'range' | 'bands' | 'moment'> & {
  readonly read: (fromMs: number, toMs: number) => OperationSample[]
  readonly openFlow: ((key: string) => void) | undefined
}) {
  const operations = usePageState(({ sandbox }) => sandbox?.system.operations)
  return (
    <>
      <div class="chart">
        <div class="title">
          <b>Responses per second</b>
          <LineKey colour="--ok" text="ok" />
          <LineKey colour="--unknown-mark" dash="4 2" text="unknown: it may have happened" />
          <LineKey colour="--fail" dash="1.5 2" text="fail: it did not happen" />
        </div>
        <Chart
          {...rest}
          label="Responses per second, by outcome"
          height={120}
          unit=""
          series={[
            { stroke: '--ok', width: 2, paths: steps },
            { stroke: '--unknown-mark', width: 2, dash: [6, 4], paths: steps },
            { stroke: '--fail', width: 2, dash: [2, 3], paths: steps },
          ]}
          data={(fromMs, toMs) =>
            outcomeData(read(fromMs - 1_000, toMs), {
              fromMs,
              toMs,
              faults: rest.bands ?? getPageState().bands,
              isLive: rest.range === undefined,
            })
          }
        />
      </div>
      <div class="chart">
        <div class="title">
          <b>Latency of each request</b>
          {operations?.map(({ kind, nouns }) => (
            <span class="key" key={kind}>
              <svg viewBox="-4.6 -4.6 9.2 9.2" aria-hidden="true">
                <path d={shapeOf(kind, kindsOf(operations))} fill="currentColor" />
              </svg>
              {nouns}
            </span>
          ))}
        </div>
        <Chart
          {...rest}
          label="Latency of each request, on a logarithmic scale"
          height={190}
          unit=" ms"
          log
          series={[{ paths: scatter(read) }]}
          pick={(plot, point) => pickMark(plot, point, read, openFlow)}
          data={(fromMs, toMs) => latencyData(read(fromMs, toMs))}
        />
      </div>
    </>
  )
}

/** A value lasts until the next one: a curve never rises before its cause. */
const steps = uPlot.paths.stepped?.({ align: 1 }) ?? (() => null)

/** The operation whose mark is at a point, with the key of its flow. */
function pickMark(
  plot: uPlot,
  point: { readonly x: number; readonly y: number },
  read: (fromMs: number, toMs: number) => OperationSample[],
  openFlow: ((key: string) => void) | undefined,
): PickedMark | null {
  // Marks that are farther away than the pointer reaches cannot be hit.
  const msAt = (x: number): number => plot.posToVal(x, 'x') * 1_000
  const [fromMs, toMs] = [msAt(point.x - reachPx), msAt(point.x + reachPx)]
  const marks = read(fromMs, toMs)
    .filter(({ ms }) => ms <= toMs)
    .map((item) => ({ ...placeOf(plot, item, false), item }))
  const sample = nearestMark(marks, point)
  if (sample === null) return null
  const { id, key, kind, outcome, startMs, endMs } = sample.operation
  return {
    title: `${key ?? `${kind} ${id}`}: ${outcome} after ${Math.round(endMs - startMs)} ms`,
    open: key === undefined || openFlow === undefined ? null : () => openFlow(key),
  }
}

function shownRange(plot: uPlot): { readonly fromMs: number; readonly toMs: number } {
  const { min = 0, max = 0 } = plot.scales['x'] ?? {}
  return { fromMs: (min ?? 0) * 1_000, toMs: (max ?? 0) * 1_000 }
}

/** Where the mark of an operation is: on the canvas, or on the page in CSS pixels. */
function placeOf(
  plot: uPlot,
  { ms, operation }: OperationSample,
  onCanvas: boolean,
): { readonly x: number; readonly y: number } {
  const tookMs = Math.min(9_500, Math.max(1, operation.endMs - operation.startMs))
  return {
    x: plot.valToPos(ms / 1_000, 'x', onCanvas),
    y: plot.valToPos(tookMs, 'y', onCanvas),
  }
}

function kindsOf(operations: SystemView['operations'] = []): readonly string[] {
  return operations.map(({ kind }) => kind)
}

/** Draws one mark per operation: the colour shows the outcome, the shape shows the kind. */
function scatter(
  read: (fromMs: number, toMs: number) => OperationSample[],
): uPlot.Series.PathBuilder {
  return (plot) => {
    // The chart can be older than the first response, which says what the kinds are.
    const kinds = kindsOf(getPageState().sandbox?.system.operations)
    const { fromMs, toMs } = shownRange(plot)
    const { ctx } = plot
    ctx.save()
    ctx.beginPath()
    ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height)
    ctx.clip()
    for (const sample of read(fromMs, toMs)) {
      const { x, y } = placeOf(plot, sample, true)
      drawMark(ctx, shapeOf(sample.operation.kind, kinds), sample.operation.outcome, x, y)
    }
    ctx.restore()
    return null
  }
}
