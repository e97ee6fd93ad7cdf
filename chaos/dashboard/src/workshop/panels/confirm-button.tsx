import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'

/** A button that asks before it acts. */
export function ConfirmButton({
  label,
  question,
  children,
  act,
  disabled = false,
  class: className = '',
}: {
  readonly label: string
  readonly question: string
  /** What happens. */
  readonly children: ComponentChildren
  readonly act: () => void
  readonly disabled?: boolean
  readonly class?: string
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  return (
    <>
      <button
        type="button"
        class={className}
        disabled={disabled}
        onClick={() => dialog.current?.showModal()}
      >
        {label} …
      </button>
      <dialog ref={dialog} aria-labelledby={title}>
        <div class="stack">
          <h2 id={title}>{question}</h2>
          <p>{children}</p>
          <p class="row">
            <button
              type="button"
              class="primary"
              onClick={() => {
                dialog.current?.close()
                act()
              }}
            >
              {label}
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
          </p>
        </div>
      </dialog>
    </>
  )
}
