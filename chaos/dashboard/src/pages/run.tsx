import { useMemo, useRef } from 'preact/hooks'

import type { SandboxEvent } from '../../../contracts/events.ts'
import { clockOfRun } from '../../../contracts/run-clock.ts'
import { groupEvents } from '../../../report/group-events.ts'
import { api, runExportUrl, runFileUrl } from '../data/api.ts'
import { bandsAfter } from '../data/bands.ts'
import { isListed } from '../data/is-listed.ts'
import type { Band, OperationSample } from '../data/page-state.ts'
import { flowHref } from '../flow/flow-links.ts'
import { momentOf, setMoment, useMoment } from '../flow/moment.ts'
import { nearestSample } from '../flow/nearest-sample.ts'
import { RunFlows } from '../flow/run-flows.tsx'
import { RunMoment } from '../flow/run-moment.tsx'
import { useRunFlows } from '../flow/use-run-flows.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { useRun } from '../hooks/use-run.ts'
import { ChartPanel } from '../parts/charts/chart-panel.tsx'
import { EventList } from '../parts/event-list.tsx'
import { RunProgress } from '../parts/run-progress.tsx'
import { VerdictView } from '../parts/verdict.tsx'

/** One run: verdict, story, charts with the faults as bands, events, files. */
export function RunPage({ id }: { readonly id: string }) {
  const { run, error } = useRun(id)
  const journal = useLoaded(() => api.journal(id), `${id} ${run?.state ?? ''}`)
  const { list, links } = useRunFlows(id, run?.state ?? '', journal.value)
  if (run === null)
    return <p class={error === null ? 'empty' : 'error'}>{error ?? 'Loading the run …'}</p>
  return (
    <div class="sandbox">
      <div class="column">
        <section class="panel stack">
          <div class="row">
            <h1>{run.title}</h1>
            <span class="muted small">
              {run.lab !== undefined && (
                <>
                  <a href={`#/labs/${run.lab}`}>{run.lab}</a>,{' '}
                </>
              )}
              {run.version !== undefined && `version ${run.version}, `}seed {run.seed}
            </span>
          </div>
          <RunProgress run={run} />
          {run.error !== null && (
            <p class="error">
              {run.error.error} {run.error.remedy ?? ''}
            </p>
          )}
          {run.verdict !== null && <VerdictView verdict={run.verdict} flows={links} />}
        </section>
        {journal.value !== null && (
          <>
            <RunMoment run={id} events={journal.value} />
            <RunCharts run={id} events={journal.value} find={links.find} />
          </>
        )}
      </div>
      <div class="column">
        <section class="panel stack">
          <h2>Download</h2>
          <p class="row">
            {run.files.includes('report.html') && (
              <a
                class="button"
                href={runFileUrl(run.id, 'report.html')}
                download={`${run.id}.html`}
                title="The report as one self-contained page"
              >
                Report (HTML)
              </a>
            )}
            <a class="button" href={runExportUrl(run.id)} download={`${run.id}.json`}>
              Data (JSON)
            </a>
          </p>
          <h3>Files</h3>
          <p class="small muted">{run.folder}/</p>
          <ul class="small">
            {run.files.map((file) => (
              <li key={file}>
                <a href={runFileUrl(run.id, file)} target="_blank" rel="noreferrer">
                  {file}
                </a>
              </li>
            ))}
          </ul>
        </section>
        {list !== null && <RunFlows run={id} list={list} />}
        {journal.value !== null && <RunEvents run={id} events={journal.value} />}
      </div>
    </div>
  )
}

function RunCharts(props: {
  readonly run: string
  readonly events: readonly SandboxEvent[]
  readonly find: (name: string) => string | undefined
}) {
  const { run, events, find } = props
  const { samples, bands, range } = useMemo(() => chartInput(events), [events])
  // A chart keeps the functions with which it was created.
  const latest = useRef(find)
  latest.current = find
  // The axis of these charts is the clock of the journal.
  const zeroMs = useMemo(() => clockOfRun(events)?.zeroMs ?? 0, [events])
  if (range === null) return null
  const moment = {
    get: () => {
      const ms = momentOf(run)
      return ms === null ? null : ms + zeroMs
    },
    set: (ms: number) => setMoment(run, ms - zeroMs),
    pick: (ms: number, tookMs: number) => {
      const rangeMs = range.toMs - range.fromMs
      const { operation } = nearestSample(samples, { ms, tookMs, rangeMs }) ?? {}
      const id = operation === undefined ? undefined : latest.current(String(operation.id))
      if (operation === undefined || id === undefined) return
      setMoment(run, operation.startMs)
      location.hash = flowHref(run, id)
    },
  }
  return (
    <ChartPanel
      range={range}
      bands={bands}
      moment={moment}
      source={(fromMs, toMs) => samples.filter((s) => s.ms >= fromMs && s.ms <= toMs)}
    />
  )
}

/** What the charts of a finished run show. The range is null for a run without operations. */
function chartInput(events: readonly SandboxEvent[]): {
  samples: OperationSample[]
  bands: readonly Band[]
  range: { fromMs: number; toMs: number } | null
} {
  const samples = events.flatMap((event) =>
    event.type === 'operation' ? [{ ms: event.ms, operation: event.operation }] : [],
  )
  const bands = events.reduce<readonly Band[]>(
    (before, event) => (event.type === 'fault' ? bandsAfter(before, event) : before),
    [],
  )
  const first = samples[0]
  const last = samples.at(-1)
  return {
    samples,
    bands,
    range:
      first === undefined || last === undefined
        ? null
        : {
            // A whole second, because the marks of the axis are whole seconds.
            fromMs: Math.floor(first.ms / 1_000 - 1) * 1_000,
            toMs: last.ms + 1_000,
          },
  }
}

function RunEvents(props: { readonly run: string; readonly events: readonly SandboxEvent[] }) {
  const { run, events } = props
  const clock = useMemo(() => clockOfRun(events), [events])
  const moment = useMoment(run)
  const firstMs = events[0]?.ms ?? 0
  const rows = useMemo(() => groupEvents(events.filter(isListed)), [events])
  const now =
    moment === null || clock === undefined
      ? undefined
      : rows.findLast(({ event }) => clock.msOfEvent(event) <= moment)
  return (
    <section class="panel">
      <h2>Events</h2>
      <EventList
        rows={rows}
        time={({ ms }) => `${((ms - firstMs) / 1_000).toFixed(2)} s`}
        maxHeight="60vh"
        nowSeq={now?.event.seq}
        onPoint={(event) => {
          if (clock !== undefined) setMoment(run, clock.msOf(event.ms))
        }}
      />
    </section>
  )
}
