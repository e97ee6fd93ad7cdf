import type { InstructorView, ScoreboardState } from '../../../../contracts/workshop.ts'
import { useAction } from '../../hooks/use-action.ts'
import { clockTime } from '../../parts/clock-time.ts'
import type { HostApi } from '../host-api.ts'
import { ActionError } from './action-error.tsx'
import { ConfirmButton } from './confirm-button.tsx'

/** Switches the scoreboard of the projector on and off, and freezes it. */
export function ScoreboardPanel({
  api,
  view: {
    scoreboard: { state, frozenAt, rows },
  },
}: {
  readonly api: HostApi
  readonly view: Pick<InstructorView, 'scoreboard'>
}) {
  const action = useAction()
  const set = (next: ScoreboardState) => (): void => action.run(async () => api.setScoreboard(next))
  return (
    <section class="panel" aria-labelledby="scoreboard-title">
      <header>
        <h2 id="scoreboard-title">Scoreboard</h2>
        <span class="hint">
          {state === 'off' ? 'not on the projector' : `on the projector, ${state}`}
          {frozenAt === null ? '' : ` since ${clockTime(new Date(frozenAt)).slice(0, 5)}`}
        </span>
      </header>
      <p class="row">
        {state === 'off' ? (
          <ConfirmButton
            label="Switch on"
            question="Show the scoreboard on the projector?"
            disabled={action.busy}
            act={set('on')}
          >
            The projector then shows the names of all learners and their places.
          </ConfirmButton>
        ) : (
          <>
            <button disabled={action.busy} onClick={set(state === 'on' ? 'frozen' : 'on')}>
              {state === 'on' ? 'Freeze' : 'Unfreeze'}
            </button>
            <button disabled={action.busy} onClick={set('off')}>
              Switch off
            </button>
          </>
        )}
      </p>
      <ActionError action={action} />
      {rows.length > 0 && (
        <details>
          <summary>Places</summary>
          <ol class="places">
            {rows.map(({ learner, place, name, held, incidentScore, hintsUsed }) => (
              <li key={learner}>
                {place}. {name}: {held} held, incidents {incidentScore.toFixed(1)}, {hintsUsed}{' '}
                hints
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  )
}
