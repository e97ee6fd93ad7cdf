import { useRef } from 'preact/hooks'

import { api } from '../data/api.ts'
import { usePageState } from '../data/page-state.ts'
import { useAction } from '../hooks/use-action.ts'

/** Resets the shop. After a lab the shop still runs the learner's code, without the safety nets that the lab switched off. */
export function RestoreButton() {
  const dialog = useRef<HTMLDialogElement>(null)
  const running = usePageState((state) => (state.sandbox?.run ?? null) !== null)
  const { busy, error, run } = useAction()
  return (
    <>
      <button
        class="small"
        disabled={busy || running}
        data-testid="restore"
        title="Reset the shop: its own code, every safety net, no orders"
        onClick={() => dialog.current?.showModal()}
      >
        {busy ? 'Restoring …' : 'Restore'}
      </button>
      {error !== null && (
        <span class="error small" role="alert">
          {error}
        </span>
      )}
      <dialog ref={dialog} aria-labelledby="restore-title">
        <form method="dialog" class="stack">
          <h2 id="restore-title">Restore the shop?</h2>
          <p>
            Restore heals every fault, puts the shop's own code back in every seam, switches on
            every safety net and deletes all orders. It keeps your files in my-work/ and all past
            runs.
          </p>
          <p class="row">
            <button class="primary" data-testid="restore-now" onClick={() => run(api.restore)}>
              Restore the shop
            </button>
            <button>Cancel</button>
          </p>
        </form>
      </dialog>
    </>
  )
}
