import { useRef } from 'preact/hooks'

import { api } from '../../data/api.ts'
import { isAdopted, systemTitle, usePageState } from '../../data/page-state.ts'
import { usePageFacts } from '../../health/use-page-facts.ts'
import { useAction } from '../../hooks/use-action.ts'

/** Resets the system. After a lab it still runs the learner's code, without the safety nets that the lab switched off. */
export function RestoreButton() {
  const dialog = useRef<HTMLDialogElement>(null)
  const title = usePageState(systemTitle)
  const adopted = usePageState(isAdopted)
  const sentence = usePageState(
    ({ sandbox }) =>
      sandbox?.system.page.restore ?? 'Restore heals every fault and deletes all data.',
  )
  const running = usePageState((state) => (state.sandbox?.run ?? null) !== null)
  const blocked = usePageFacts((facts) => facts.blocked)
  const { busy, error, run } = useAction()
  return (
    <>
      <button
        class="small"
        disabled={busy || running || blocked !== null}
        data-testid="restore"
        title={
          blocked ??
          (adopted
            ? 'Heal every fault and start what is down'
            : `Reset ${title}: no fault, its own code, new data`)
        }
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
          <h2 id="restore-title">Restore {title}?</h2>
          <p>
            {sentence} {!adopted && 'It keeps your files in my-work/ and all past runs.'}
          </p>
          <p class="row">
            <button class="primary" data-testid="restore-now" onClick={() => run(api.restore)}>
              Restore {title}
            </button>
            <button>Cancel</button>
          </p>
        </form>
      </dialog>
    </>
  )
}
