import type uPlot from 'uplot'

import { shapes } from '../../../../report/charts.ts'
import { operationSamples, type OperationSample, usePageState } from '../../data/page-state.ts'
import { backlogData, latencyData, outcomeData, poolData } from './chart-data.ts'
import { Chart, type ChartProps } from './chart.tsx'
import { drawMark } from './draw-mark.ts'
import { operationNouns } from './operation-nouns.ts'

/**
 * The charts of the sandbox, on one time axis. With `source`, `range` and `bands` they show a finished run, which has no
 * figures of queues and pools.
 */
export function ChartPanel({
  source,
  ...rest
}: Pick<ChartProps, 'range' | 'bands'> & {
  readonly source?: (fromMs: number, toMs: number) => OperationSample[]
}) {
  const read = source ?? ((fromMs: number) => operationSamples.since(fromMs))
  return (
    <section class="panel" aria-label="Charts">
      <header>
        <h2>Charts</h2>
        {rest.range === undefined ? (
          <LiveHint />
        ) : (
          <span class="hint">shaded: a fault is active</span>
        )}
      </header>
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
            { stroke: '--ok', width: 2 },
            { stroke: '--unknown-mark', width: 2, dash: [6, 4] },
            { stroke: '--fail', width: 2, dash: [2, 3] },
          ]}
          data={(fromMs, toMs) => outcomeData(read(fromMs, toMs), fromMs, toMs)}
        />
      </div>
      <div class="chart">
        <div class="title">
          <b>Latency of each request</b>
          {Object.entries(operationNouns).map(([kind, nouns], i) => (
            <span class="key" key={kind}>
              <svg viewBox="-4.6 -4.6 9.2 9.2" aria-hidden="true">
                <path d={shapes[i]} fill="currentColor" />
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
          data={(fromMs, toMs) => latencyData(read(fromMs, toMs))}
        />
      </div>
      {rest.range === undefined && <BacklogAndPools />}
    </section>
  )
}

function BacklogAndPools() {
  return (
    <>
      <div class="chart">
        <div class="title">
          <b>Orders in flight</b>
          <LineKey colour="--accent" text="jobs in the queue" />
          <LineKey colour="--fault" dash="4 2" text="orders in transit" />
        </div>
        <Chart
          label="Jobs in the queue and orders in transit"
          height={96}
          unit=""
          series={[
            { stroke: '--accent', width: 2 },
            { stroke: '--fault', width: 2, dash: [6, 4] },
          ]}
          data={(fromMs) => backlogData(fromMs)}
        />
      </div>
      <div class="chart">
        <div class="title">
          <b>Open connections to Postgres</b>
          <LineKey colour="--accent" text="from the API" />
          <LineKey colour="--good" dash="4 2" text="from the workers" />
        </div>
        <Chart
          label="Open connections to Postgres, from the API and from the workers"
          height={96}
          unit=""
          series={[
            { stroke: '--accent', width: 2 },
            { stroke: '--good', width: 2, dash: [6, 4] },
          ]}
          data={(fromMs) => poolData(fromMs)}
        />
      </div>
    </>
  )
}

function LiveHint() {
  const idle = usePageState(
    (state) =>
      state.sandbox !== null && state.sandbox.traffic === null && state.sandbox.run === null,
  )
  return idle ? (
    <span>
      No traffic. Choose <b>Customers</b> above the picture.
    </span>
  ) : (
    <span class="hint">the last minute; shaded: a fault is active</span>
  )
}

function LineKey(props: {
  readonly colour: string
  readonly dash?: string
  readonly text: string
}) {
  return (
    <span class="key">
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path
          d="M0 6h12"
          stroke={`var(${props.colour})`}
          stroke-width="2.5"
          stroke-dasharray={props.dash}
        />
      </svg>
      {props.text}
    </span>
  )
}

/** Draws one mark per operation: the colour shows the outcome, the shape shows the kind. */
function scatter(
  read: (fromMs: number, toMs: number) => OperationSample[],
): uPlot.Series.PathBuilder {
  return (plot) => {
    const fromMs = (plot.scales['x']?.min ?? 0) * 1_000
    const toMs = (plot.scales['x']?.max ?? 0) * 1_000
    const { ctx } = plot
    ctx.save()
    ctx.beginPath()
    ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height)
    ctx.clip()
    for (const { ms, operation } of read(fromMs, toMs)) {
      const x = plot.valToPos(ms / 1_000, 'x', true)
      const y = plot.valToPos(
        Math.min(9_500, Math.max(1, operation.endMs - operation.startMs)),
        'y',
        true,
      )
      drawMark(ctx, operation.kind, operation.outcome, x, y)
    }
    ctx.restore()
    return null
  }
}
