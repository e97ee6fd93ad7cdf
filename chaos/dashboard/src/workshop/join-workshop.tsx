import './workshop.css'
import { useState } from 'preact/hooks'

import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'
import { useWorkshop } from './use-workshop.ts'

/** The field to join a workshop, for a learner who is in none. */
export function JoinWorkshop() {
  const view = useWorkshop()
  const { busy, error, run } = useAction()
  const [url, setUrl] = useState('')
  const [code, setCode] = useState('')
  const [name, setName] = useState('')
  const [acceptsIncidents, setAcceptsIncidents] = useState(false)
  if (view === null || view.joined !== null) return null
  const join = (event: Event): void => {
    event.preventDefault()
    run(async () => await api.joinWorkshop({ url, code, name, acceptsIncidents }))
  }
  return (
    <details class="panel workshop">
      <summary>Join a workshop</summary>
      <form class="row" onSubmit={join}>
        <Field label="Address" value={url} onValue={setUrl} hint="http://192.0.2.10:19900" />
        <Field label="Code" value={code} onValue={setCode} hint="K7PMXQ" />
        <Field label="Your name" value={name} onValue={setName} hint="Ada" />
        <label>
          <input
            type="checkbox"
            checked={acceptsIncidents}
            onChange={(event) => setAcceptsIncidents(event.currentTarget.checked)}
          />{' '}
          The instructor may start incidents here
        </label>
        <button type="submit" disabled={busy || url === '' || code === '' || name.trim() === ''}>
          Join
        </button>
      </form>
      {error !== null && <p class="error">{error}</p>}
      <p class="small muted">From then on this is sent to the host:</p>
      <ul class="small muted">
        {view.sends.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </details>
  )
}

function Field({
  label,
  value,
  onValue,
  hint,
}: {
  readonly label: string
  readonly value: string
  readonly onValue: (value: string) => void
  readonly hint: string
}) {
  return (
    <label>
      {label}{' '}
      <input
        value={value}
        placeholder={hint}
        autocomplete="off"
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </label>
  )
}
