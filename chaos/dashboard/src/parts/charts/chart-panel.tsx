import type uPlot from 'uplot'

import type { Outcome } from '../../../../contracts/history.ts'
import {
  figuresSamples,
  operationSamples,
  type OperationSample,
  usePageState,
} from '../../data/page-state.ts'
import { Chart, type ChartProps } from './chart.tsx'
import { marks, paintMark } from './marks.tsx'

/** The charts under the picture, on one time axis. `source` lets a finished run use them too. */
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
        <h2>What the client saw</h2>
        {rest.range === undefined ? <LiveHint /> : <span class="hint">shaded: a fault is on</span>}
      </header>
      <div class="chart">
        <div class="title">
          <b>Answers per second</b>
          <OutcomeKey outcome="ok" text="ok" />
          <OutcomeKey outcome="unknown" text="unknown: may have happened" />
          <OutcomeKey outcome="fail" text="fail: surely did not happen" />
        </div>
        <Chart
          {...rest}
          label="Answers per second by outcome"
          height={120}
          unit=""
          series={[
            { stroke: '--ok', width: 2 },
            { stroke: '--unknown-mark', width: 2, dash: [6, 4] },
            { stroke: '--fail', width: 2, dash: [2, 3] },
          ]}
          data={(fromMs, toMs) => rates(read(fromMs, toMs), fromMs, toMs)}
        />
      </div>
      <div class="chart">
        <div class="title">
          <b>Latency of each operation</b>
          {marks.map((mark) => (
            <span class="key" key={mark.kind}>
              <svg viewBox="-6 -6 12 12" aria-hidden="true">
                <path d={mark.path} fill="currentColor" />
              </svg>
              {mark.kind.replace('-', ' ')}
            </span>
          ))}
        </div>
        <Chart
          {...rest}
          label="Latency of each operation, logarithmic"
          height={190}
          unit=" ms"
          log
          series={[{ paths: scatter(read) }]}
          data={(fromMs, toMs) => latencies(read(fromMs, toMs))}
        />
      </div>
      {rest.range === undefined && (
        <div class="chart">
          <div class="title">
            <b>Waiting work</b>
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
            data={(fromMs) => waiting(fromMs)}
          />
        </div>
      )}
      {rest.range === undefined && (
        <div class="chart">
          <div class="title">
            <b>Pools</b>
            <LineKey colour="--accent" text="connections of the API to Postgres" />
            <LineKey colour="--good" dash="4 2" text="of the workers" />
          </div>
          <Chart
            label="Open connections of the pools to Postgres"
            height={96}
            unit=""
            series={[
              { stroke: '--accent', width: 2 },
              { stroke: '--good', width: 2, dash: [6, 4] },
            ]}
            data={(fromMs) => pools(fromMs)}
          />
        </div>
      )}
    </section>
  )
}

function LiveHint() {
  const nobody = usePageState(
    (state) =>
      state.sandbox !== null && state.sandbox.traffic === null && state.sandbox.run === null,
  )
  return nobody ? (
    <span>
      Nobody asks anything: send <b>Customers</b>, above the picture.
    </span>
  ) : (
    <span class="hint">the last minute; shaded: a fault is on</span>
  )
}

function OutcomeKey({ outcome, text }: { readonly outcome: Outcome; readonly text: string }) {
  const colour = outcome === 'unknown' ? 'var(--unknown-mark)' : `var(--${outcome})`
  const dash = outcome === 'ok' ? undefined : outcome === 'unknown' ? '4 2' : '1.5 2'
  return (
    <span class="key">
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d="M0 6h12" stroke={colour} stroke-width="2.5" stroke-dasharray={dash} />
      </svg>
      {text}
    </span>
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

function pools(fromMs: number): uPlot.AlignedData {
  const samples = figuresSamples.since(fromMs)
  const open = (caller: string): number[] =>
    samples.map((sample) =>
      sample.figures.links
        .filter(({ link }) => link.startsWith(caller) && link.endsWith(':postgres'))
        .reduce((sum, { connections }) => sum + connections, 0),
    )
  return [samples.map((sample) => sample.ms / 1_000), open('api-'), open('worker-')]
}

function rates(
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
  // The second that is going on would look like a fall.
  const shown = Math.max(0, count - 1)
  const times = Array.from({ length: shown }, (_, i) => first + i + 0.5)
  return [times, rows.ok.slice(0, shown), rows.unknown.slice(0, shown), rows.fail.slice(0, shown)]
}

function latencies(samples: readonly OperationSample[]): uPlot.AlignedData {
  return [
    samples.map((sample) => sample.ms / 1_000),
    samples.map(({ operation }) => Math.max(1, operation.endMs - operation.startMs)),
  ]
}

function waiting(fromMs: number): uPlot.AlignedData {
  const samples = figuresSamples
    .since(fromMs)
    .filter((sample) => sample.figures.truth !== undefined)
  return [
    samples.map((sample) => sample.ms / 1_000),
    samples.map(({ figures: { truth } }) =>
      truth === undefined ? 0 : truth.queueWaiting + truth.queueActive + truth.queueDelayed,
    ),
    samples.map(({ figures: { truth } }) => truth?.unfinished ?? 0),
  ]
}

/** Colour is the outcome, shape is the operation. */
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
      paintMark(ctx, operation.kind, operation.outcome, x, y)
    }
    ctx.restore()
    return null
  }
}

function zeros(count: number): number[] {
  return Array.from({ length: Math.max(0, count) }, () => 0)
}
