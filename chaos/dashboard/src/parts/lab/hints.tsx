import type { LabView } from '../../../../contracts/api.ts'
import { api } from '../../data/api.ts'
import { useAction } from '../../hooks/use-action.ts'

/** The hints that the learner has seen, and a button for the next one. Each hint says more than the one before. */
export function LabHints({
  lab,
  onChange,
}: {
  readonly lab: LabView
  readonly onChange: (lab: LabView) => void
}) {
  const { busy, error, run } = useAction()
  const left = lab.hintsTotal - lab.hints.length
  return (
    <section class="panel stack">
      <h2>Hints</h2>
      {lab.hints.length > 0 && (
        <ol class="small">
          {lab.hints.map((hint) => (
            <li key={hint}>{hint}</li>
          ))}
        </ol>
      )}
      {left > 0 ? (
        <button disabled={busy} onClick={() => run(async () => onChange(await api.hint(lab.id)))}>
          {lab.hints.length === 0 ? 'Show a hint' : 'Show a stronger hint'} ({left} left)
        </button>
      ) : (
        <p class="small muted">No more hints.</p>
      )}
      {error !== null && <p class="error small">{error}</p>}
    </section>
  )
}
