import { useEffect } from 'preact/hooks'

import { api, runExportUrl, runFileUrl } from '../data/api.ts'
import { isAdopted, systemTitle, usePageState } from '../data/page-state.ts'
import { useLoaded } from '../hooks/use-loaded.ts'

const signs = { held: '✓ held', violated: '✕ violated', inconclusive: '? inconclusive' } as const

/** Every run on disk, the newest first. */
export function RunsPage() {
  const runs = useLoaded(api.runs, 'runs')
  const currentRun = usePageState((state) => state.sandbox?.run ?? '')
  useEffect(() => runs.reload(), [currentRun])
  const adopted = usePageState(isAdopted)
  const title = usePageState(systemTitle)
  if (runs.error !== null) return <p class="error">{runs.error}</p>
  if (runs.value === null) return <p class="empty">Loading the runs …</p>
  return (
    <section class="panel">
      <header>
        <h1>Runs</h1>
        <span class="hint">
          {runs.value.length === 0 ? '' : `${runs.value.length}, the newest first`}
        </span>
      </header>
      {runs.value.length === 0 ? (
        adopted ? (
          <p class="empty">
            Nothing is known about the requests of {title}, so it has no scenarios and no runs. An{' '}
            <a href="#/xray">X-ray</a> needs one flow file.
          </p>
        ) : (
          <p class="empty">
            No runs yet. <a href="#/labs">Check a lab</a>, or run a scenario:{' '}
            <code>npx unhappy run scenario.yaml</code>
          </p>
        )
      ) : (
        <div class="scroll">
          <table class="runs">
            <thead>
              <tr>
                <th>verdict</th>
                <th>run</th>
                <th>version</th>
                <th>started</th>
                <th>seed</th>
                <th>summary</th>
                <th>download</th>
              </tr>
            </thead>
            <tbody>
              {runs.value.map((run) => (
                <tr key={run.id}>
                  <td class={`outcome ${run.outcome ?? ''}`}>
                    {run.outcome === null ? run.state : signs[run.outcome]}
                  </td>
                  <td>
                    <a href={`#/runs/${run.id}`}>{run.lab ?? run.title}</a>
                  </td>
                  <td>{run.version ?? ''}</td>
                  <td>{new Date(run.startedAt).toLocaleString()}</td>
                  <td class="mono">{run.seed}</td>
                  <td class="small muted">{run.headline ?? ''}</td>
                  <td class="small nowrap">
                    {run.state === 'done' && (
                      <>
                        <a href={runFileUrl(run.id, 'report.html')} download={`${run.id}.html`}>
                          HTML
                        </a>{' '}
                      </>
                    )}
                    {run.state !== 'running' && (
                      <a href={runExportUrl(run.id)} download={`${run.id}.json`}>
                        JSON
                      </a>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
