import { useState } from 'preact/hooks'

import type { GamedayView, OpenIncident } from '../../../contracts/gameday/gameday-view.ts'
import type { ActionKind } from '../../../contracts/gameday/incident.ts'
import { clockTime } from '../../../gameday/clock-time.ts'
import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'

const actions: readonly { readonly kind: ActionKind; readonly words: string }[] = [
  { kind: 'restart', words: 'Restart' },
  { kind: 'stop', words: 'Take out of service' },
  { kind: 'start', words: 'Start' },
  { kind: 'reroute', words: 'Lead over another path' },
  { kind: 'rollback', words: 'Roll back the last release' },
  { kind: 'set', words: 'Restart with a setting' },
  { kind: 'end-session', words: 'End a session of Postgres' },
]

/** The mitigations. Each one is recorded with its time. */
export function ActionForm({
  view: { places },
  open: { actions: taken },
}: {
  readonly view: GamedayView
  readonly open: OpenIncident
}) {
  const [kind, setKind] = useState<ActionKind>('restart')
  const [target, setTarget] = useState('')
  const [extra, setExtra] = useState('')
  const { busy, error, run } = useAction()
  const needsLink = kind === 'reroute'
  const isSession = kind === 'end-session'
  const targets = places.filter((place) => place.includes(':') === needsLink)
  const chosen = isSession ? 'postgres' : target
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        // A value can contain "=": an address, for example.
        const [name = '', ...values] = extra.split('=')
        run(() =>
          api.actOnIncident({
            action: kind,
            target: chosen,
            ...(kind === 'set' ? { settings: { [name]: values.join('=') } } : {}),
            ...(isSession ? { pid: Number(extra) } : {}),
          }),
        )
      }}
    >
      <div class="choices">
        <label>
          Mitigation
          <select
            value={kind}
            data-testid="action"
            onChange={({ currentTarget }) => {
              setKind(currentTarget.value as ActionKind)
              setTarget('')
              setExtra('')
            }}
          >
            {actions.map((one) => (
              <option key={one.kind} value={one.kind}>
                {one.words}
              </option>
            ))}
          </select>
        </label>
        {!isSession && (
          <label>
            of
            <select
              value={target}
              data-testid="action-target"
              onChange={({ currentTarget }) => setTarget(currentTarget.value)}
            >
              <option value="">choose</option>
              {targets.map((place) => (
                <option key={place}>{place}</option>
              ))}
            </select>
          </label>
        )}
        {(kind === 'set' || isSession) && (
          <label>
            {isSession ? 'pid' : 'NAME=value'}
            <input
              type="text"
              value={extra}
              onInput={({ currentTarget }) => setExtra(currentTarget.value)}
            />
          </label>
        )}
        <button disabled={busy || chosen === ''} data-testid="act">
          {busy ? 'Working…' : 'Do it'}
        </button>
      </div>
      {taken.length > 0 && (
        <ul class="taken small" aria-label="What you did">
          {taken.map(({ atMs, action, target: what, result }) => (
            <li key={`${atMs} ${what}`}>
              {clockTime(atMs)} {action} <code>{what}</code>: {result}
            </li>
          ))}
        </ul>
      )}
      {error !== null && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
    </form>
  )
}
