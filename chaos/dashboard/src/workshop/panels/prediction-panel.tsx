import { formatCount } from '../../../../checks/lib/format.ts'
import type { InstructorView, LabPredictions } from '../../../../contracts/workshop.ts'
import { useAction } from '../../hooks/use-action.ts'
import { Histogram } from '../histogram.tsx'
import type { HostApi } from '../host-api.ts'
import { ActionError } from './action-error.tsx'

/** Per lab: what learners predicted, beside what was measured. The instructor reveals it on the projector. */
export function PredictionPanel({
  api,
  view: { predictions, exercise },
}: {
  readonly api: HostApi
  readonly view: InstructorView
}) {
  const open = predictions.some(({ lab }) => lab === exercise?.lab)
    ? exercise?.lab
    : predictions[0]?.lab
  return (
    <section class="panel" aria-labelledby="predictions-title">
      <header>
        <h2 id="predictions-title">Predictions</h2>
      </header>
      {predictions.length === 0 && <p class="empty">No learner has predicted.</p>}
      {predictions.map((each) => (
        <OneLab key={each.lab} api={api} predictions={each} isOpen={each.lab === open} />
      ))}
    </section>
  )
}

function OneLab({
  api,
  predictions,
  isOpen,
}: {
  readonly api: HostApi
  readonly predictions: LabPredictions
  readonly isOpen: boolean
}) {
  const { lab, title, question, total, isRevealed } = predictions
  const action = useAction()
  return (
    <details class="one-lab" open={isOpen} data-lab={lab}>
      <summary>
        <b>{lab}</b> <span class="muted">{title}</span>{' '}
        <span class="tally">
          {formatCount(total, 'prediction')}
          {isRevealed ? ', on the projector' : ''}
        </span>
      </summary>
      <div class="stack">
        <p>{question}</p>
        <Histogram predictions={predictions} />
        <p class="row">
          <button
            class={isRevealed ? '' : 'primary'}
            disabled={action.busy}
            onClick={() => action.run(async () => api.reveal(lab, !isRevealed))}
          >
            {isRevealed ? 'Hide from the projector' : 'Reveal on the projector'}
          </button>
        </p>
        <ActionError action={action} />
      </div>
    </details>
  )
}
