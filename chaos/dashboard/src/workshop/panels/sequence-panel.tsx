import type { InstructorView } from '../../../../contracts/workshop.ts'
import { useAction } from '../../hooks/use-action.ts'
import type { HostApi } from '../host-api.ts'
import { moved } from '../words.ts'
import { ActionError } from './action-error.tsx'
import { LabSelect } from './lab-select.tsx'

/** The labs of this workshop, in their sequence. Each change is sent at once. */
export function SequencePanel({
  api,
  view: { labs, sequence, exercise },
}: {
  readonly api: HostApi
  readonly view: InstructorView
}) {
  const action = useAction()
  const set = (ids: readonly string[]) => (): void => action.run(async () => api.setSequence(ids))
  const others = labs.filter(({ id }) => !sequence.includes(id))
  return (
    <section class="panel" aria-labelledby="sequence-title">
      <header>
        <h2 id="sequence-title">Sequence of labs</h2>
      </header>
      {sequence.length === 0 && <p class="empty">No lab is chosen. Add the first one.</p>}
      <ol class="sequence">
        {sequence.map((id, index) => (
          <li key={id} aria-current={exercise?.lab === id ? 'step' : undefined}>
            <span>{id}</span>
            <span class="row">
              <button
                class="small quiet"
                disabled={action.busy || index === 0}
                aria-label={`Move ${id} up`}
                onClick={set(moved(sequence, index, -1))}
              >
                ↑
              </button>
              <button
                class="small quiet"
                disabled={action.busy || index === sequence.length - 1}
                aria-label={`Move ${id} down`}
                onClick={set(moved(sequence, index, 1))}
              >
                ↓
              </button>
              <button
                class="small quiet"
                disabled={action.busy}
                aria-label={`Remove ${id}`}
                onClick={set(sequence.toSpliced(index, 1))}
              >
                ✕
              </button>
            </span>
          </li>
        ))}
      </ol>
      <div class="form">
        <LabSelect
          labs={others}
          value=""
          none="Choose a lab"
          label="Add a lab"
          onChange={(id) => {
            if (id !== '') set([...sequence, id])()
          }}
        />
      </div>
      <ActionError action={action} />
    </section>
  )
}
