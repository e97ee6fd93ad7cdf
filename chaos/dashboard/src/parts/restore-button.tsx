import { useRef } from 'preact/hooks'

import { api } from '../data/api.ts'
import { usePageState } from '../data/page-state.ts'
import { useAction } from '../hooks/use-loaded.ts'

/** The shop as at the start: after a lab it still runs the learner's code, without the nets that the lab took away. */
export function RestoreButton() {
  const dialog = useRef<HTMLDialogElement>(null)
  const going = usePageState((state) => (state.sandbox?.run ?? null) !== null)
  const { busy, error, run } = useAction()
  return (
    <>
      <button
        class="small"
        disabled={busy || going}
        data-testid="restore"
        title="The shop's own code, every safety net, fresh books"
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
          <h2 id="restore-title">The shop as at the start?</h2>
          <p>
            Its own code in every seam, every safety net, every fault undone, and fresh books: the
            orders that are there now are gone. Your files in my-work/ and past runs stay.
          </p>
          <p class="row">
            <button class="primary" data-testid="restore-now" onClick={() => run(api.restore)}>
              Restore the shop
            </button>
            <button>Leave it as it is</button>
          </p>
        </form>
      </dialog>
    </>
  )
}
