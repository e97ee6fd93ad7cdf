import type uPlot from 'uplot'

import type { SystemView } from '../../../../contracts/api.ts'
import { shapeOf } from '../../../../report/charts.ts'
import {
  getPageState,
  operationSamples,
  type OperationSample,
  usePageState,
} from '../../data/page-state.ts'
import { nearestSample } from '../../flow/nearest-sample.ts'
import { connectionData, figureData, latencyData, outcomeData } from './chart-data.ts'
import type { ChartMoment } from './chart-moment.ts'
import { Chart, type ChartProps } from './chart.tsx'
import { drawMark } from './draw-mark.ts'

/**
 * The charts of the sandbox, on one time axis. With `source`, `range` and `bands` they show a finished run, which has no
 * figures of queues and pools.
 */
export function ChartPanel({
  source,
  ...all
}: Pick<ChartProps, 'range' | 'bands' | 'moment'> & {
  readonly source?: (fromMs: number, toMs: number) => OperationSample[]
}) {
  const read = source ?? ((fromMs: number) => operationSamples.since(fromMs))
  const operations = usePageState(({ sandbox }) => sandbox?.system.operations)
  // Only the marks of the second chart are single operations, so only they can be picked.
  const rest = withoutPick(all)
  const latency = all.range === undefined ? { ...all, moment: livePick } : all
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
          {...latency}
          label="Latency of each request, on a logarithmic scale"
          height={190}
          unit=" ms"
          log
          series={[{ paths: scatter(read) }]}
          data={(fromMs, toMs) => latencyData(read(fromMs, toMs))}
        />
      </div>
      {rest.range === undefined && <LiveFigures />}
    </section>
  )
}

/** A click on a mark of the live chart opens the diagram of its flow. */
const livePick: ChartMoment = {
  get: () => null,
  set: () => undefined,
  pick: (ms, tookMs) => {
    const rangeMs = 60_000
    const samples = operationSamples.since(ms - rangeMs)
    const key = nearestSample(samples, { ms, tookMs, rangeMs })?.operation.key
    if (key !== undefined) location.hash = `#/flows/${encodeURIComponent(key)}`
  },
}

function withoutPick<T extends Pick<ChartProps, 'moment'>>(props: T): T {
  const { moment } = props
  return moment === undefined ? props : { ...props, moment: { get: moment.get, set: moment.set } }
}

/** Work in flight, and the connections of each service to the first store: a pool that is full is visible here. */
function LiveFigures() {
  const system = usePageState((state) => state.sandbox?.system)
  const drawn = system?.page.figures.filter((figure) => figure.drawn === true) ?? []
  const [store] = system?.stores ?? []
  const callers = system === undefined || store === undefined ? [] : callersOf(system, store)
  return (
    <>
      {drawn.length > 0 && (
        <LineChart
          // A chart keeps the lines with which it is created.
          key={drawn.map(({ text }) => text).join()}
          title="In flight"
          names={drawn.map(({ text }) => text)}
          data={(fromMs) => figureData(drawn, fromMs)}
        />
      )}
      {store !== undefined && callers.length > 0 && (
        <LineChart
          key={`${store} ${callers.map(({ service }) => service).join()}`}
          title={`Open connections to ${storeNames[store] ?? store}`}
          names={callers.map(({ service }) => `from ${service}`)}
          data={(fromMs) =>
            connectionData(
              callers.map(({ links }) => links),
              fromMs,
            )
          }
        />
      )}
    </>
  )
}

const storeNames: Readonly<Record<string, string>> = { postgres: 'Postgres', redis: 'Redis' }

/** The services that call a store, with their links to it. */
function callersOf({ instances, links }: SystemView, store: string) {
  const services = new Map<string, Set<string>>()
  for (const { name, caller, callee } of links) {
    const service = instances.find((instance) => instance.name === caller)?.service
    if (callee !== store || service === undefined) continue
    services.set(service, (services.get(service) ?? new Set()).add(name))
  }
  return [...services].map(([service, links]) => ({ service, links }))
}

/** Colour and dashes of the lines in a chart, in their order. */
const lineStyles = [
  { stroke: '--accent' },
  { stroke: '--good', dash: [6, 4] },
  { stroke: '--fault', dash: [2, 3] },
  { stroke: '--unknown-mark', dash: [10, 4] },
  { stroke: '--fail', dash: [10, 3, 2, 3] },
] as const satisfies readonly { readonly stroke: string; readonly dash?: readonly number[] }[]

function LineChart(props: {
  readonly title: string
  readonly names: readonly string[]
  readonly data: ChartProps['data']
}) {
  const { title, names, data } = props
  const styles = names.map((_, i) => lineStyles[i % lineStyles.length] ?? lineStyles[0])
  return (
    <div class="chart">
      <div class="title">
        <b>{title}</b>
        {styles.map((style, i) => (
          <LineKey
            key={names[i]}
            colour={style.stroke}
            {...('dash' in style ? { dash: style.dash.map((n) => n / 1.5).join(' ') } : {})}
            text={names[i] ?? ''}
          />
        ))}
      </div>
      <Chart
        label={`${title}: ${names.join(', ')}`}
        height={96}
        unit=""
        series={styles.map((style) => ({
          stroke: style.stroke,
          width: 2,
          ...('dash' in style ? { dash: [...style.dash] } : {}),
        }))}
        data={data}
      />
    </div>
  )
}

function LiveHint() {
  const idle = usePageState(
    (state) =>
      state.sandbox !== null && state.sandbox.traffic === null && state.sandbox.run === null,
  )
  const loads = usePageState((state) => state.sandbox?.system.page.loads)
  if (!idle) return <span class="hint">the last minute; shaded: a fault is active</span>
  if (loads === undefined) return <span>No traffic.</span>
  return (
    <span>
      No traffic. Choose <b>Customers</b> above the picture.
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
      drawMark(ctx, shapeOf(operation.kind, kinds), operation.outcome, x, y)
    }
    ctx.restore()
    return null
  }
}
