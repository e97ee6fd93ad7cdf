import { useState } from 'preact/hooks'

import type { ExerciseView, InstructorView } from '../../../../contracts/workshop.ts'
import { useAction } from '../../hooks/use-action.ts'
import type { HostApi } from '../host-api.ts'
import { countdownText, leftMsOf, nextLab } from '../words.ts'
import { ActionError } from './action-error.tsx'
import { ConfirmButton } from './confirm-button.tsx'
import { LabSelect } from './lab-select.tsx'

const minuteMs = 60_000
const defaultMinutes = '15'
const extensionMinutes = 5

/** The shared exercise: its timer, or the form that starts it. */
export function ExercisePanel({
  api,
  view,
  nowMs,
}: {
  readonly api: HostApi
  readonly view: InstructorView
  readonly nowMs: number
}) {
  const { exercise } = view
  const isInProgress = exercise !== null && exercise.state !== 'stopped'
  return (
    <section class="panel" aria-labelledby="exercise-title">
      <header>
        <h2 id="exercise-title">Exercise</h2>
        <span class="hint">for all learners and the projector</span>
      </header>
      {isInProgress ? (
        <InProgress api={api} exercise={exercise} nowMs={nowMs} />
      ) : (
        <StartForm key={exercise?.exercise ?? ''} api={api} view={view} />
      )}
    </section>
  )
}

function InProgress({
  api,
  exercise,
  nowMs,
}: {
  readonly api: HostApi
  readonly exercise: ExerciseView
  readonly nowMs: number
}) {
  const action = useAction()
  const leftMs = leftMsOf(exercise, nowMs)
  const isPaused = exercise.state === 'paused'
  const change = (what: 'pause' | 'resume' | 'stop') => (): void =>
    action.run(async () => api.changeExercise({ what }))
  return (
    <div class="stack">
      <p>
        <b>{exercise.title}</b>
      </p>
      <p class="countdown" data-testid="countdown">
        {leftMs === null ? 'No timer' : countdownText(leftMs)}
        {isPaused && <span class="tone-fault"> ❚❚ paused</span>}
        {leftMs === 0 && <span class="tone-fault"> time is over</span>}
      </p>
      <p class="row">
        <button disabled={action.busy} onClick={change(isPaused ? 'resume' : 'pause')}>
          {isPaused ? '▶ Resume' : '❚❚ Pause'}
        </button>
        {leftMs !== null && (
          <button
            disabled={action.busy}
            onClick={() =>
              action.run(async () =>
                api.changeExercise({ what: 'extend', byMs: extensionMinutes * minuteMs }),
              )
            }
          >
            +{extensionMinutes} min
          </button>
        )}
        <ConfirmButton
          label="Stop the exercise"
          question={`Stop "${exercise.title}"?`}
          disabled={action.busy}
          act={change('stop')}
        >
          The timer ends for all learners. A stopped exercise cannot be resumed.
        </ConfirmButton>
      </p>
      <ActionError action={action} />
    </div>
  )
}

function StartForm({ api, view }: { readonly api: HostApi; readonly view: InstructorView }) {
  const { labs, sequence, exercise } = view
  const [chosenLab, setLab] = useState<string | null>(null)
  const [typedTitle, setTitle] = useState<string | null>(null)
  const [minutes, setMinutes] = useState(defaultMinutes)
  const action = useAction()
  const lab = chosenLab ?? nextLab(sequence, exercise?.lab ?? null) ?? ''
  const title = typedTitle ?? labs.find(({ id }) => id === lab)?.title ?? ''
  const start = async (): Promise<void> =>
    api.startExercise({
      title: title.trim(),
      ...(lab !== '' && { lab }),
      ...(minutes !== '' && { limitMs: Math.round(Number(minutes) * minuteMs) }),
    })
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        action.run(start)
      }}
    >
      <LabSelect labs={labs} value={lab} onChange={setLab} none="No lab" />
      <label>
        Title
        <input
          type="text"
          required
          value={title}
          onInput={({ currentTarget }) => setTitle(currentTarget.value)}
        />
      </label>
      <label>
        Minutes (empty: no timer)
        <input
          type="number"
          min="1"
          step="1"
          value={minutes}
          onInput={({ currentTarget }) => setMinutes(currentTarget.value)}
        />
      </label>
      <p class="row">
        <button class="primary" disabled={action.busy || title.trim() === ''}>
          ▶ Start
        </button>
      </p>
      <ActionError action={action} />
    </form>
  )
}
