import './histogram.css'
import './instructor.css'
import { useRef, useState } from 'preact/hooks'

import type { InstructorView } from '../../../contracts/workshop.ts'
import { ThemeButton } from '../parts/theme-button.tsx'
import type { HostApi } from './host-api.ts'
import { ExercisePanel } from './panels/exercise-panel.tsx'
import { ExportPanel } from './panels/export-panel.tsx'
import { FeedPanel } from './panels/feed-panel.tsx'
import { IncidentPanel } from './panels/incident-panel.tsx'
import { JoinPanel } from './panels/join-panel.tsx'
import { LearnerTable } from './panels/learner-table.tsx'
import { MessagePanel } from './panels/message-panel.tsx'
import { PredictionPanel } from './panels/prediction-panel.tsx'
import type { RecipientsChoice } from './panels/recipient-choice.tsx'
import { ScoreboardPanel } from './panels/scoreboard-panel.tsx'
import { SeatPanel } from './panels/seat-panel.tsx'
import { SequencePanel } from './panels/sequence-panel.tsx'
import { useLiveView } from './use-live-view.ts'
import { learnersText } from './words.ts'

/** The parts are longer than the screen. */
const parts = [
  ['learners', 'Learners'],
  ['seats', 'Seats'],
  ['predictions', 'Predictions'],
  ['exercise', 'Exercise'],
  ['message', 'Message'],
  ['feed', 'Feed'],
  ['join', 'Join'],
  ['incidents', 'Incidents'],
  ['scoreboard', 'Scoreboard'],
] as const

/** Everything that the instructor of a workshop sees and does. */
export function InstructorPage({ api }: { readonly api: HostApi }) {
  const { view, problem, nowMs } = useLiveView<InstructorView>(api, '/api/workshop/stream')
  return (
    <>
      <header class="top">
        <h1 class="brand">{view?.workshop ?? 'Workshop'}</h1>
        <nav aria-label="Parts of this page">
          {parts
            .filter(([id]) => id !== 'seats' || view?.seats !== undefined)
            .map(([id, title]) => (
              <a key={id} href={`#${id}-title`}>
                {title}
              </a>
            ))}
        </nav>
        <span class="space" />
        <span class={problem === null && view !== null ? 'pill good' : 'pill bad'}>
          {problem !== null ? 'not connected' : view === null ? 'connecting' : 'live'}
        </span>
        <ThemeButton />
      </header>
      <main class="instructor">
        {problem !== null && (
          <p class="banner" role="alert">
            <b>✕ {problem}</b>
            {view !== null && ' This page shows the last known state and connects again by itself.'}
          </p>
        )}
        {view !== null && <Panels api={api} view={view} nowMs={nowMs} />}
      </main>
    </>
  )
}

function Panels({
  api,
  view,
  nowMs,
}: {
  readonly api: HostApi
  readonly view: InstructorView
  readonly nowMs: number
}) {
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set())
  const [isAll, setAll] = useState(true)
  const field = useRef<HTMLTextAreaElement>(null)
  const to = recipientsOf(view, chosen, { isAll, setAll })
  const write = (learner: string): void => {
    choose(new Set([learner]))
    setAll(false)
    field.current?.focus()
  }
  const stuck = view.learners.filter((row) => row.stuck !== null)
  return (
    <>
      <p class="unseen" role="status">
        {stuck.length === 0 ? '' : `${learnersText(stuck.length)} stuck.`}
      </p>
      <div class="column wide">
        <LearnerTable
          api={api}
          rows={view.learners}
          nowMs={nowMs}
          chosen={chosen}
          choose={(ids) => {
            choose(new Set(ids))
            setAll(ids.length === 0)
          }}
          onWrite={write}
        />
        {view.seats !== undefined && <SeatPanel api={api} seats={view.seats} />}
        <PredictionPanel api={api} view={view} />
      </div>
      <div class="column">
        <ExercisePanel api={api} view={view} nowMs={nowMs} />
        <MessagePanel api={api} view={view} to={to} field={field} />
        <FeedPanel view={view} />
        <JoinPanel join={view.join} />
        <SequencePanel api={api} view={view} />
        <IncidentPanel api={api} view={view} nowMs={nowMs} to={to} />
        <ScoreboardPanel api={api} view={view} />
        <ExportPanel api={api} />
      </div>
    </>
  )
}

function recipientsOf(
  { learners }: InstructorView,
  chosen: ReadonlySet<string>,
  { isAll, setAll }: Pick<RecipientsChoice, 'isAll' | 'setAll'>,
): RecipientsChoice {
  const all = learners.filter(({ phase }) => phase !== 'left').length
  const ids = learners.map(({ learner }) => learner).filter((learner) => chosen.has(learner))
  return {
    recipients: isAll ? 'all' : ids,
    count: isAll ? all : ids.length,
    all,
    selected: ids.length,
    isAll,
    setAll,
  }
}
