import type { SystemView } from '../../../../contracts/api.ts'
import {
  isAdopted,
  operationSamples,
  type OperationSample,
  usePageState,
} from '../../data/page-state.ts'
import { connectionData, figureData } from './chart-data.ts'
import { Chart, type ChartProps } from './chart.tsx'
import { LineKey } from './line-key.tsx'
import { OperationCharts } from './operation-charts.tsx'

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
  // Nothing is known about the requests of an adopted system.
  const hasOperations = !usePageState(isAdopted)
  const isLive = rest.range === undefined
  return (
    <section class="panel" aria-label="Charts">
      <header>
        <h2>Charts</h2>
        {isLive && hasOperations ? (
          <LiveHint />
        ) : (
          <span class="hint">shaded: a fault is active</span>
        )}
      </header>
      {hasOperations && <OperationCharts {...rest} read={read} openFlow={openFlow} />}
      {isLive && <LiveFigures moment={rest.moment} />}
    </section>
  )
}

/** Work in flight, and the connections of each service to its stores: a pool that is full is visible here. Of the shop, only Postgres has a pool. */
function LiveFigures({ moment }: { readonly moment: ChartProps['moment'] }) {
  const system = usePageState((state) => state.sandbox?.system)
  const drawn = system?.page.figures.filter((figure) => figure.drawn === true) ?? []
  const [first] = system?.stores ?? []
  const stores = system?.adopted === true ? system.stores : first === undefined ? [] : [first]
  const pools = system === undefined ? [] : stores.map((store) => callersOf(system, store))
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
      {pools
        .filter(({ callers }) => callers.length > 0)
        .map(({ store, callers }) => (
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
        ))}
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
  return { store, callers: [...services].map(([service, links]) => ({ service, links })) }
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
