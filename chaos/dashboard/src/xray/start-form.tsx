import type { ComponentChildren } from 'preact'

import type { XrayBody } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { usePageFacts } from '../health/use-page-facts.ts'
import { useAction } from '../hooks/use-action.ts'

/** The form around the choices for an X-ray: starts it and opens its page. `request`: null while nothing is chosen. */
export function StartForm(props: {
  readonly request: XrayBody | null
  /** The choices. */
  readonly children: ComponentChildren
  /** Below the button: what the X-ray does here. */
  readonly note: ComponentChildren
}) {
  const { request, children, note } = props
  const blocked = usePageFacts((facts) => facts.blocked)
  const { busy, error, run } = useAction()
  const start = (body: XrayBody): void =>
    run(async () => {
      const { id } = await api.startXray(body)
      location.hash = `#/xray/${id}`
    })
  return (
    <form
      class="form xray-start"
      onSubmit={(event) => {
        event.preventDefault()
        if (request !== null) start(request)
      }}
    >
      {children}
      <button
        class="primary"
        disabled={busy || blocked !== null || request === null}
        title={blocked ?? undefined}
        data-testid="start-xray"
      >
        {busy ? 'Starting…' : 'Start an X-ray'}
      </button>
      <p class="small muted">{note}</p>
      {error !== null && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
    </form>
  )
}

/** A yes-or-no choice. */
export function CheckChoice(props: {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly children: ComponentChildren
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={props.checked}
        onChange={({ currentTarget }) => props.onChange(currentTarget.checked)}
      />
      {props.children}
    </label>
  )
}
