import { useMemo } from 'preact/hooks'

import type { SandboxEvent } from '../../../contracts/events.ts'
import { faultLabel } from '../../../report/describe-active-fault.ts'
import { describeEvent } from '../../../report/describe-event.ts'
import { api } from '../data/api.ts'
import type { Band, OperationSample } from '../data/page-state.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { ChartPanel } from '../parts/charts/chart-panel.tsx'
import { RunProgress, useRun } from '../parts/run-progress.tsx'
import { VerdictView } from '../parts/verdict.tsx'

/** One run: verdict, story, charts with the faults as bands, timeline, files. */
export function RunPage({ id }: { readonly id: string }) {
  const { run, error } = useRun(id)
  const journal = useLoaded(() => api.journal(id), `${id} ${run?.state ?? ''}`)
  if (run === null)
    return <p class={error === null ? 'empty' : 'error'}>{error ?? 'Loading the run …'}</p>
  return (
    <div class="sandbox">
      <div class="column">
        <section class="panel stack">
          <div class="row">
            <h1>{run.title}</h1>
            <span class="muted small">
              {run.lab !== undefined && <a href={`#/labs/${run.lab}`}>{run.lab}</a>}{' '}
              {run.version ?? ''} seed {run.seed}
            </span>
          </div>
          <RunProgress run={run} />
          {run.error !== null && (
            <p class="error">
              {run.error.error} {run.error.remedy ?? ''}
            </p>
          )}
          {run.verdict !== null && <VerdictView verdict={run.verdict} />}
        </section>
        {journal.value !== null && <RunCharts events={journal.value} />}
      </div>
      <div class="column">
        <section class="panel stack">
          <h2>Take it along</h2>
          <p class="row">
            {run.files.includes('report.html') && (
              <a
                class="button"
                href={`/api/runs/${run.id}/files/report.html`}
                download={`${run.id}.html`}
                title="One page that needs nothing else"
              >
                Page (HTML)
              </a>
            )}
            <a class="button" href={`/api/runs/${run.id}/export.json`} download={`${run.id}.json`}>
              Data (JSON)
            </a>
          </p>
          <h3>Files</h3>
          <p class="small muted">{run.folder}/</p>
          <ul class="small">
            {run.files.map((file) => (
              <li key={file}>
                <a
                  href={`/api/runs/${run.id}/files/${encodeURIComponent(file)}`}
                  target="_blank"
                  rel="noreferrer"
                >
                  {file}
                </a>
              </li>
            ))}
          </ul>
        </section>
        {journal.value !== null && <RunTimeline events={journal.value} />}
      </div>
    </div>
  )
}

function RunCharts({ events }: { readonly events: readonly SandboxEvent[] }) {
  const { samples, bands, range } = useMemo(() => digest(events), [events])
  if (range === null) return null
  return (
    <ChartPanel
      range={range}
      bands={bands}
      source={(fromMs, toMs) => samples.filter((s) => s.ms >= fromMs && s.ms <= toMs)}
    />
  )
}

function digest(events: readonly SandboxEvent[]): {
  samples: OperationSample[]
  bands: Band[]
  range: { fromMs: number; toMs: number } | null
} {
  const samples = events.flatMap((event) =>
    event.type === 'operation' ? [{ ms: event.ms, operation: event.operation }] : [],
  )
  const bands: Band[] = []
  for (const event of events) {
    if (event.type !== 'fault') continue
    if (event.what === 'injected')
      bands.push({
        id: event.fault.id,
        label: faultLabel(event.fault),
        fromMs: event.ms,
        toMs: null,
      })
    const at = bands.findIndex((band) => band.id === event.fault.id)
    if (event.what === 'healed' && at >= 0) bands[at] = { ...(bands[at] as Band), toMs: event.ms }
  }
  const first = samples[0]
  const last = samples.at(-1)
  return {
    samples,
    bands,
    range:
      first === undefined || last === undefined
        ? null
        : {
            // On a whole second: so are the marks of the axis.
            fromMs: Math.floor(first.ms / 1_000 - 1) * 1_000,
            toMs: last.ms + 1_000,
          },
  }
}

function RunTimeline({ events }: { readonly events: readonly SandboxEvent[] }) {
  const first = events[0]?.ms ?? 0
  const lines = events.flatMap((event) => {
    if (event.type === 'link' && ['opened', 'closed', 'toxic-touched'].includes(event.what))
      return []
    const line = describeEvent(event)
    return line === null ? [] : [{ event, line }]
  })
  return (
    <section class="panel">
      <h2>What happened</h2>
      <ol class="timeline" tabIndex={0} aria-label="Events" style={{ maxHeight: '60vh' }}>
        {lines.slice(0, 400).map(({ event, line }) => (
          <li key={event.seq}>
            <time>{((event.ms - first) / 1_000).toFixed(2)} s</time>
            <span class={`tone-${line.tone}`}>{line.text}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
