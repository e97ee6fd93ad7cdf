import { useState } from 'preact/hooks'

import type { LabView } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'
import type { Autosaves } from './use-autosaves.ts'

/** Copies the starting code again. The controller keeps the old files. */
export function ResetButton({
  lab,
  autosaves,
  onChange,
}: {
  readonly lab: LabView
  readonly autosaves: Autosaves
  readonly onChange: (lab: LabView) => void
}) {
  const [asked, setAsked] = useState(false)
  const { busy, error, run } = useAction()
  const reset = async (): Promise<void> => {
    if (!(await autosaves.flush())) return
    onChange(await api.resetLab(lab.id))
    setAsked(false)
  }
  return (
    <span class="row reset">
      {asked ? (
        <>
          <span>Start again with the starting code? Your file is kept in a backup.</span>
          <button class="small" disabled={busy} onClick={() => run(reset)}>
            Start again
          </button>
          <button class="small" onClick={() => setAsked(false)}>
            Cancel
          </button>
        </>
      ) : (
        <button class="small quiet" onClick={() => setAsked(true)}>
          Reset …
        </button>
      )}
      {error !== null && <span class="error">{error}</span>}
    </span>
  )
}
