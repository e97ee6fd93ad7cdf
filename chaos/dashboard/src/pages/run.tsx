import { useMemo, useRef } from 'preact/hooks'

import type { RunView } from '../../../contracts/api.ts'
import type { SandboxEvent } from '../../../contracts/events.ts'
import { clockOfRun } from '../../../contracts/run-clock.ts'
import { runChart } from '../../../report/run-chart.ts'
import { api, runExportUrl, runFileUrl } from '../data/api.ts'
import { runRows } from '../data/run-rows.ts'
import { flowHref } from '../flow/flow-links.ts'
import { momentOf, setMoment, useMoment } from '../flow/moment.ts'
import { RunFlows } from '../flow/run-flows.tsx'
import { RunLogs } from '../flow/run-logs.tsx'
import { RunMoment } from '../flow/run-moment.tsx'
import { useRunFlows } from '../flow/use-run-flows.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { useRun } from '../hooks/use-run.ts'
import { ChartPanel } from '../parts/charts/chart-panel.tsx'
import { clockTime } from '../parts/clock-time.ts'
import { EventList } from '../parts/event-list.tsx'
import { RunProgress } from '../parts/run-progress.tsx'
import { VerdictView } from '../parts/verdict.tsx'

type Journal = readonly SandboxEvent[]

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
            <RunCharts run={run} events={journal.value} find={links.find} />
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
        {journal.value !== null && <RunEvents run={run} events={journal.value} />}
      </div>
      <div class="wide">
        <RunLogs run={run} />
      </div>
    </div>
  )
}

function RunCharts(props: {
  readonly run: RunView
  readonly events: Journal
  readonly find: (name: string) => string | undefined
}) {
  const { run, events, find } = props
  // A chart keeps the functions with which it was created.
  const latest = useRef(find)
  latest.current = find
  const chart = useMemo(() => runChart(events, run.zeroMs), [events, run.zeroMs])
  if (chart === undefined) return null
  const bands = chart.bands.map((band) => ({ ...band, label: band.shortLabel }))
  return (
    <ChartPanel
      range={{ fromMs: chart.fromMs, toMs: chart.toMs }}
      bands={bands}
      moment={{ get: () => momentOf(run.id), set: (ms) => setMoment(run.id, ms) }}
      openFlow={(key) => {
        const id = latest.current(key)
        if (id !== undefined) location.hash = flowHref(run.id, id)
      }}
      source={(fromMs, toMs) => chart.samples.filter(({ ms }) => ms >= fromMs && ms <= toMs)}
    />
  )
}

function RunEvents({ run, events }: { readonly run: RunView; readonly events: Journal }) {
  const { rows, timeOf } = useMemo(() => runRows(events, run.zeroMs), [events, run.zeroMs])
  const clock = useMemo(() => clockOfRun(events, run.zeroMs), [events, run.zeroMs])
  const moment = useMoment(run.id)
  const now =
    moment === null || clock === undefined
      ? undefined
      : rows.findLast(({ event }) => clock.msOfEvent(event) <= moment)
  return (
    <section class="panel">
      <h2>Events</h2>
      <EventList
        rows={rows}
        time={timeOf ?? (({ at }) => clockTime(new Date(at)))}
        maxHeight="60vh"
        nowSeq={now?.event.seq}
        onPoint={(event) => {
          if (clock !== undefined) setMoment(run.id, clock.msOfEvent(event))
        }}
      />
    </section>
  )
}
