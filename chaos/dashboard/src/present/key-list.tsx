import type { RefObject } from 'preact'

import { presentKeys } from './keys.ts'

/** The keys of the presenter view. */
export function KeyList({ dialog }: { readonly dialog: RefObject<HTMLDialogElement | null> }) {
  return (
    <dialog ref={dialog} aria-labelledby="present-keys">
      <h2 id="present-keys">Keys of the presenter view</h2>
      <dl class="facts" style={{ margin: '0.8rem 0' }}>
        {presentKeys.map(([key, text]) => (
          <>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </>
        ))}
      </dl>
      <form method="dialog">
        <button>Close</button>
      </form>
    </dialog>
  )
}
