import './flow.css'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'

import { type FlowComparison, type FlowRecord, flowOf } from '../../../contracts/flow-record.ts'
import { clockOfRun } from '../../../contracts/run-clock.ts'
import { layOutFlow } from '../../../report/flow-diagram/lay-out-flow.ts'
import { type MomentState, stateAt } from '../../../report/state-at.ts'
import { api } from '../data/api.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { ExportRow } from './export-row.tsx'
import { FactTable } from './fact-table.tsx'
import { FlowDiagramView } from './flow-diagram.tsx'
import { flowHref } from './flow-links.ts'
import { MomentOfFlow } from './moment-of-flow.tsx'
import { momentOf, setMoment } from './moment.ts'
import { Scrubber } from './scrubber.tsx'

/** `#/flows/RUN/ID`: a flow of a run. `#/flows/ID`: a live flow. */
export function FlowPage({ id, rest }: { readonly id: string; readonly rest: readonly string[] }) {
  const [flow] = rest
  return flow === undefined ? (
    <LiveFlow key={id} id={id} />
  ) : (
    <RunFlow key={`${id} ${flow}`} run={id} id={flow} />
  )
}

const liveEveryMs = 1_000

/** A flow outside of a run, as far as the links have seen it. It grows while it is shown. */
function LiveFlow({ id }: { readonly id: string }) {
  const loading = useRef(false)
  const load = async (): Promise<FlowRecord> => {
    loading.current = true
    try {
      return await api.liveFlow(id)
    } finally {
      loading.current = false
    }
  }
  const flow = useLoaded(load, id)
  useEffect(() => {
    const timer = setInterval(() => {
      // A response that a newer request overtakes is dropped: a slow one would never be shown.
      if (!document.hidden && !loading.current) flow.reload()
    }, liveEveryMs)
    return () => clearInterval(timer)
  }, [id])
  if (flow.value === null) return <Missing error={flow.error} id={id} />
  return <Flow drawn={flow.value} run={`live ${id}`} source="live, while this page is open" />
}

function RunFlow({ run, id }: { readonly run: string; readonly id: string }) {
  const flow = useLoaded(() => api.flow(run, id), `${run}/${id}`)
  const flows = useLoaded(() => api.flows(run), run)
  const journal = useLoaded(() => api.journal(run), run)
  const stateOf = useMemo(() => {
    const events = journal.value ?? []
    const clock = clockOfRun(events)
    return clock === undefined ? undefined : (ms: number) => stateAt(events, ms, clock)
  }, [journal.value])
  if (flow.value === null) return <Missing error={flow.error} id={id} run={run} />
  return (
    <Flow
      drawn={flow.value}
      run={run}
      {...(stateOf === undefined ? {} : { stateOf })}
      source={
        <>
          in <a href={`#/runs/${run}`}>{run}</a>
        </>
      }
      others={
        flows.value !== null && flows.value.flows.length > 1 ? (
          <label>
            Show{' '}
            <select
              value={id}
              onChange={(event) => {
                location.hash = flowHref(run, event.currentTarget.value)
              }}
            >
              {flows.value.flows.every((one) => one.id !== id) && <option value={id}>{id}</option>}
              {flows.value.flows.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.isFailing ? '✕ ' : ''}
                  {one.id}: {one.result}
                </option>
              ))}
            </select>
          </label>
        ) : null
      }
    />
  )
}

function Missing(props: {
  readonly error: string | null
  readonly id: string
  readonly run?: string
}) {
  const { error, id, run } = props
  if (error === null) return <p class="empty">Loading {id} …</p>
  return (
    <section class="panel stack">
      <h1>{id}</h1>
      <p class="error">{error}</p>
      <p>
        {run === undefined ? (
          <a href="#/runs">All runs</a>
        ) : (
          <a href={`#/runs/${run}`}>The run {run}</a>
        )}
      </p>
    </section>
  )
}

interface FlowProps {
  readonly drawn: FlowRecord | FlowComparison
  readonly run: string
  readonly source: preact.ComponentChildren
  readonly others?: preact.ComponentChildren
  /** Absent: the events of the run are not known (yet). */
  readonly stateOf?: (ms: number) => MomentState
}

const zooms = [0.5, 1, 2, 4] as const
/** Units of the diagram that the playback passes in a second. */
const playSpeed = 45

function Flow({ drawn, run, source, others, stateOf }: FlowProps) {
  const record = flowOf(drawn)
  const [isBeside, setBeside] = useState(false)
  const [zoom, setZoom] = useState<number>(1)
  const layout = useMemo(() => layOutFlow(drawn, { isBeside, zoom }), [drawn, isBeside, zoom])
  const scale = layout.parts[0]?.scale
  const stops = useMemo(() => stopsOf(record), [record])
  const [fromMs, toMs] = [scale?.fromMs ?? record.fromMs, scale?.toMs ?? record.toMs]
  useEffect(() => {
    // A moment of another flow of the same run can be far away.
    const before = momentOf(run)
    if (before === null || before < fromMs || before > toMs)
      setMoment(run, firstFaultOf(record) ?? fromMs)
  }, [run, record.id])
  const playFrom = useMemo(
    () =>
      (ms: number, seconds: number): number =>
        scale === undefined ? ms : scale.msOf(scale.yOf(ms) + playSpeed * seconds),
    [scale],
  )
  return (
    <div class="flow-page stack">
      <section class="panel stack">
        <div class="row">
          <h1>{record.title}</h1>
          <span class="muted small">{source}</span>
          <span class="space" />
          {others}
        </div>
        {!record.isComplete && (
          <p class="error small">
            The recording is incomplete: {record.incompleteBecause ?? 'messages are missing'}.
          </p>
        )}
        <Scrubber {...{ run, fromMs, toMs, stops, playFrom }} />
        <MomentOfFlow
          {...{ run, record, fromMs }}
          {...(stateOf === undefined ? {} : { stateOf })}
        />
      </section>
      <section class="panel stack" aria-label="Space-time diagram">
        <div class="row flow-tools">
          <h2>Space-time diagram</h2>
          <span class="space" />
          {'flow' in drawn && (
            <button
              aria-pressed={isBeside}
              onClick={() => setBeside(!isBeside)}
              data-testid="beside"
            >
              Fault-free run beside it
            </button>
          )}
          <label>
            Time axis{' '}
            <select value={zoom} onChange={(event) => setZoom(Number(event.currentTarget.value))}>
              {zooms.map((one) => (
                <option key={one} value={one}>
                  {one * 100} %
                </option>
              ))}
            </select>
          </label>
        </div>
        <FlowDiagramView {...{ drawn, layout, run }} />
        <ExportRow {...{ drawn, isBeside, zoom }} />
      </section>
      <FactTable drawn={drawn} run={run} />
    </div>
  )
}

/** The moments at which something happens. */
function stopsOf(record: FlowRecord): readonly number[] {
  const all = [
    ...record.messages.flatMap(({ sentMs, arrivedMs }) => [sentMs, arrivedMs ?? sentMs]),
    ...record.faults.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
    ...record.gaps.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
    ...record.attempts.flatMap(({ startMs, endMs }) => [startMs, endMs]),
    ...record.holdings.map(({ atMs }) => atMs),
  ]
  return [...new Set(all)].toSorted((a, b) => a - b)
}

/** The page opens at the first message that never arrived, else at the first fault. */
function firstFaultOf(record: FlowRecord): number | undefined {
  const lost = record.messages.find(({ arrivedMs }) => arrivedMs === undefined)
  return lost?.sentMs ?? record.faults.find(({ fromMs }) => fromMs >= record.fromMs)?.fromMs
}
