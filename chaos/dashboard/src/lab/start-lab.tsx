import type { LabView } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'

/** Copies the starting code into the learner's folder. */
export function StartLab({
  lab,
  onChange,
  testid,
}: {
  readonly lab: LabView
  readonly onChange: (lab: LabView) => void
  readonly testid?: string
}) {
  const { busy, error, run } = useAction()
  return (
    <>
      <button
        class="primary"
        disabled={busy}
        data-testid={testid}
        onClick={() => run(async () => onChange(await api.startLab(lab.id)))}
      >
        Start this lab
      </button>
      <p class="small muted">
        Copies the starting code to {lab.workFolder}/. Edit it in this page, or in your own editor:
        both work on the same file.
      </p>
      {error !== null && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
    </>
  )
}
