import { api } from '../../data/api.ts'
import { usePageState } from '../../data/page-state.ts'
import { usePageFacts } from '../../health/use-page-facts.ts'
import { useAction } from '../../hooks/use-action.ts'

/** Heals every fault and refuses new ones; while the sandbox is halted, the button lifts the halt. */
export function HaltButton() {
  const halted = usePageState((state) => state.sandbox?.halted ?? false)
  const blocked = usePageFacts((facts) => facts.blocked)
  const { busy, error, run } = useAction()
  return (
    <>
      {error !== null && (
        <span class="error small" role="alert">
          {error}
        </span>
      )}
      <button
        class={halted ? 'halt lift' : 'halt'}
        disabled={busy || blocked !== null}
        title={
          blocked ??
          (halted ? 'Allow faults again (h)' : 'Halt: heal every fault and refuse new ones (h)')
        }
        data-key="halt"
        onClick={() => run(halted ? api.lift : halt)}
      >
        {halted ? 'Lift the halt' : 'Halt'}
      </button>
    </>
  )
}

async function halt(): Promise<void> {
  const { couldNotUndo } = await api.halt()
  if (couldNotUndo.length > 0)
    throw new Error(`Could not heal: ${couldNotUndo.map(({ what }) => what).join(', ')}`)
}
