import type { SaveState } from '../editor/autosave.ts'

/** Whether the text of the editor is on disk. */
export function SaveStatus({
  state,
  reloaded,
  onRetry,
}: {
  /** Undefined: nothing was edited yet. */
  readonly state: SaveState | undefined
  /** The file changed outside, and the editor shows the new text. */
  readonly reloaded: boolean
  readonly onRetry: () => void
}) {
  const kind = state?.kind ?? 'saved'
  return (
    <span class={`save-state ${kind}`} role="status" data-testid="save-state" data-state={kind}>
      {state?.kind === 'failed' ? (
        <>
          ✕ Not saved: {state.reason}{' '}
          <button class="small" onClick={onRetry}>
            Save again
          </button>
        </>
      ) : (
        texts[kind as Exclude<SaveState['kind'], 'failed'>](reloaded)
      )}
    </span>
  )
}

const texts: Readonly<Record<Exclude<SaveState['kind'], 'failed'>, (reloaded: boolean) => string>> =
  {
    saved: (reloaded) =>
      reloaded ? '↻ Another program changed the file: this is its text' : '✓ Saved',
    unsaved: () => '● Not saved yet',
    saving: () => '● Saving …',
    conflict: () => '⚠ Not saved: choose a version',
  }
