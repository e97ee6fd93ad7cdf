import './histogram.css'
import './projector.css'
import type { ExerciseView, JoinAddress, ProjectorView } from '../../../contracts/workshop.ts'
import { ThemeButton } from '../parts/theme-button.tsx'
import { Histogram } from './histogram.tsx'
import type { HostApi } from './host-api.ts'
import { QrCode } from './qr-code.tsx'
import { useLiveView } from './use-live-view.ts'
import { wallBlocks } from './wall-blocks.ts'
import { countdownText, leftMsOf, learnersText } from './words.ts'

/** Rows that fit beside a histogram. */
const rowsMax = 10

/** What a class sees on the wall. It has no names while the scoreboard is off. */
export function ProjectorPage({ api }: { readonly api: HostApi }) {
  const { view, problem, nowMs } = useLiveView<ProjectorView>(api, '/api/projector/stream')
  return (
    <main class="wall">
      <header class="wall-head">
        <h1>{view?.workshop ?? 'Workshop'}</h1>
        {view !== null && <p data-testid="learners">{learnersText(view.learners)}</p>}
        <ThemeButton />
      </header>
      {problem !== null && (
        <p class="wall-problem" role="alert">
          ✕ {problem}
        </p>
      )}
      {view !== null && <Wall view={view} nowMs={nowMs} />}
    </main>
  )
}

function Wall({ view, nowMs }: { readonly view: ProjectorView; readonly nowMs: number }) {
  const shown = wallBlocks(view, nowMs)
  const { exercise, incident, predictions, scoreboard } = view
  const hasResults = shown.histogram || shown.scoreboard
  return (
    <>
      <div class={hasResults ? 'wall-body with-results' : 'wall-body'}>
        <div class="wall-side">
          {shown.exercise && exercise !== null && (
            <Exercise exercise={exercise} progress={view.progress} nowMs={nowMs} />
          )}
          {shown.incident && incident !== null && <Incident incident={incident} nowMs={nowMs} />}
          {shown.join && <Join join={view.join} />}
        </div>
        {hasResults && (
          <div class="wall-results">
            {predictions !== null && (
              <section class="block" aria-labelledby="predicted-title">
                <h2 id="predicted-title">{predictions.question}</h2>
                <Histogram predictions={predictions} />
              </section>
            )}
            {scoreboard !== null && <Scoreboard {...scoreboard} />}
          </div>
        )}
      </div>
      {!shown.join && (
        <p class="wall-foot">
          Join: <b>{view.join.urls[0]}</b> Code: <b>{view.join.code}</b>
        </p>
      )}
    </>
  )
}

function Join({ join: { urls, code } }: { readonly join: JoinAddress }) {
  const [url = ''] = urls
  return (
    <section class="block wall-join" aria-labelledby="join-title">
      <h2 id="join-title">Join this workshop</h2>
      <QrCode text={url} />
      <div>
        <p class="address">{url.replace('http://', '')}</p>
        <p>
          Code <b class="code">{code}</b>
        </p>
      </div>
    </section>
  )
}

function Exercise({
  exercise,
  progress,
  nowMs,
}: {
  readonly exercise: ExerciseView
  readonly progress: ProjectorView['progress']
  readonly nowMs: number
}) {
  const leftMs = leftMsOf(exercise, nowMs)
  const isPaused = exercise.state === 'paused'
  return (
    <section class="block wall-exercise" aria-labelledby="exercise-title">
      <h2 id="exercise-title">{exercise.title}</h2>
      {leftMs !== null && (
        <p class={leftMs === 0 ? 'countdown over' : 'countdown'} data-testid="countdown">
          {countdownText(leftMs)}
        </p>
      )}
      {isPaused && <p class="state">❚❚ Paused</p>}
      {leftMs === 0 && <p class="state">Time is over</p>}
      {progress !== null && (
        <ul class="progress">
          <li>
            <b>{progress.opened}</b> opened
          </li>
          <li>
            <b>{progress.predicted}</b> predicted
          </li>
          <li>
            <b>{progress.checked}</b> checked
          </li>
          <li>
            <b>{progress.held}</b> held
          </li>
        </ul>
      )}
    </section>
  )
}

function Incident({
  incident: { endsAt, sentTo, answered },
  nowMs,
}: {
  readonly incident: NonNullable<ProjectorView['incident']>
  readonly nowMs: number
}) {
  const leftMs = Date.parse(endsAt) - nowMs
  return (
    <section class="block wall-incident" aria-labelledby="incident-title">
      <h2 id="incident-title">{leftMs > 0 ? '▲ Incident' : '■ Incident ended'}</h2>
      {leftMs > 0 && <p class="countdown">{countdownText(leftMs)}</p>}
      <p>
        <b>{answered}</b> of <b>{sentTo}</b> answered
      </p>
    </section>
  )
}

function Scoreboard({ isFrozen, rows }: NonNullable<ProjectorView['scoreboard']>) {
  const more = rows.length - rowsMax
  return (
    <section class="block wall-scores" aria-labelledby="scores-title">
      <h2 id="scores-title">Scoreboard {isFrozen && <span class="frozen">❄ frozen</span>}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Place</th>
            <th scope="col">Name</th>
            <th scope="col">Held</th>
            <th scope="col">Incidents</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, rowsMax).map(({ place, name, held, incidentScore }) => (
            <tr key={name}>
              <td>{place}</td>
              <th scope="row">{name}</th>
              <td>{held}</td>
              <td>{incidentScore.toFixed(1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p class="muted">and {learnersText(more)} more</p>}
    </section>
  )
}
