import uPlot from 'uplot'

import type { SystemView } from '../../../../contracts/api.ts'
import { shapeOf } from '../../../../report/charts.ts'
import {
  getPageState,
  operationSamples,
  type OperationSample,
  usePageState,
} from '../../data/page-state.ts'
import { connectionData, figureData, latencyData, outcomeData } from './chart-data.ts'
import { Chart, type ChartProps, type PickedMark } from './chart.tsx'
import { drawMark } from './draw-mark.ts'
import { nearestMark, reachPx } from './nearest-mark.ts'

/**
 * The charts of the sandbox, on one time axis. With `source`, `range` and `bands` they show a finished run, which has no
 * figures of queues and pools.
 */
export function ChartPanel({
  source,
  openFlow,
  ...rest
}: Pick<ChartProps, 'range' | 'bands' | 'moment'> & {
  readonly source?: (fromMs: number, toMs: number) => OperationSample[]
  /** Opens the flow with this key of the client. Absent: marks open nothing. */
  readonly openFlow?: (key: string) => void
}) {
  const read = source ?? ((fromMs: number) => operationSamples.since(fromMs))
  const operations = usePageState(({ sandbox }) => sandbox?.system.operations)
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
      {rest.range === undefined && <LiveFigures moment={rest.moment} />}
    </section>
  )
}

/** Work in flight, and the connections of each service to the first store: a pool that is full is visible here. */
function LiveFigures({ moment }: { readonly moment: ChartProps['moment'] }) {
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
          moment={moment}
          data={(fromMs) => figureData(drawn, fromMs)}
        />
      )}
      {store !== undefined && callers.length > 0 && (
        <LineChart
          key={`${store} ${callers.map(({ service }) => service).join()}`}
          title={`Open connections to ${storeNames[store] ?? store}`}
          names={callers.map(({ service }) => `from ${service}`)}
          moment={moment}
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
  readonly moment: ChartProps['moment']
}) {
  const { title, names, data, moment } = props
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
        {...(moment === undefined ? {} : { moment })}
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
