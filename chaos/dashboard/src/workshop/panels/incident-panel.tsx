import { useState } from 'preact/hooks'

import type { IncidentView, InstructorView } from '../../../../contracts/workshop.ts'
import { useAction } from '../../hooks/use-action.ts'
import type { HostApi } from '../host-api.ts'
import { countdownText, learnersText } from '../words.ts'
import { ActionError } from './action-error.tsx'
import { ConfirmButton } from './confirm-button.tsx'
import { RecipientChoice } from './recipient-choice.tsx'
import type { RecipientsChoice } from './recipient-choice.tsx'

interface Props {
  readonly api: HostApi
  readonly view: InstructorView
  readonly nowMs: number
  readonly to: RecipientsChoice
}

/** Starts an incident in the sandboxes of learners who agreed, and ends it. */
export function IncidentPanel(props: Props) {
  const { api, view, nowMs } = props
  const options = view.incidentOptions ?? []
  return (
    <section class="panel" aria-labelledby="incidents-title">
      <header>
        <h2 id="incidents-title">Incidents</h2>
      </header>
      <div class="stack">
        {options.length === 0 ? (
          <p class="empty">This host has no incidents to choose from.</p>
        ) : (
          <StartForm {...props} options={options} />
        )}
        {view.incidents.length > 0 && (
          <ul class="incidents">
            {view.incidents.map((incident) => (
              <Incident
                key={incident.id}
                api={api}
                incident={incident}
                title={options.find(({ id }) => id === incident.incident)?.title}
                nowMs={nowMs}
              />
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

function StartForm({
  api,
  view,
  to,
  options,
}: Props & { readonly options: NonNullable<InstructorView['incidentOptions']> }) {
  const [chosen, setIncident] = useState<string | null>(null)
  const [minutes, setMinutes] = useState('10')
  const [seed, setSeed] = useState('42')
  const [sent, setSent] = useState<string | null>(null)
  const action = useAction()
  const incident = chosen ?? options[0]?.id ?? ''
  const limitMs = Math.round(Number(minutes) * 60_000)
  const start = async (): Promise<void> => {
    setSent(null)
    const body = { to: to.recipients, incident, seed: Number(seed), limitMs }
    const { sentTo, declined } = await api.startIncident(body)
    const names = view.learners.flatMap(({ learner, name }) =>
      declined.includes(learner) ? name : [],
    )
    setSent(
      `Sent to ${learnersText(sentTo.length)}.${names.length === 0 ? '' : ` Not agreed to incidents: ${names.join(', ')}.`}`,
    )
  }
  return (
    <div class="form">
      <RecipientChoice group="incident" to={to} />
      <label>
        Incident
        <select value={incident} onChange={({ currentTarget }) => setIncident(currentTarget.value)}>
          {options.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        Minutes to answer
        <input
          type="number"
          min="1"
          value={minutes}
          onInput={({ currentTarget }) => setMinutes(currentTarget.value)}
        />
      </label>
      <label>
        Seed
        <input
          type="number"
          min="0"
          value={seed}
          onInput={({ currentTarget }) => setSeed(currentTarget.value)}
        />
      </label>
      <p class="row">
        <ConfirmButton
          label="Start the incident"
          question={`Start an incident for ${learnersText(to.count)}?`}
          class="fault"
          disabled={action.busy || to.count === 0 || limitMs <= 0 || seed === ''}
          act={() => action.run(start)}
        >
          It breaks the sandboxes of these learners. Learners who did not agree to incidents receive
          nothing.
        </ConfirmButton>
      </p>
      <p role="status">{sent}</p>
      <ActionError action={action} />
    </div>
  )
}

function Incident({
  api,
  incident,
  title,
  nowMs,
}: {
  readonly api: HostApi
  readonly incident: IncidentView
  readonly title: string | undefined
  readonly nowMs: number
}) {
  const action = useAction()
  const { id, state, endsAt, sentTo, begun, refused, answered } = incident
  const name = title ?? incident.incident
  return (
    <li>
      <p>
        <b>{name}</b>{' '}
        {state === 'running' ? (
          <span class="pill fault">{countdownText(Date.parse(endsAt) - nowMs)} left</span>
        ) : (
          <span class="pill">ended</span>
        )}
      </p>
      <p class="small muted">
        Sent to {sentTo.length}, begun {begun}, refused {refused}, answered {answered}. Seed{' '}
        {incident.seed}.
      </p>
      {state === 'running' && (
        <ConfirmButton
          label="End the incident"
          question={`End "${name}"?`}
          class="small"
          disabled={action.busy}
          act={() => action.run(async () => api.endIncident(id))}
        >
          It stops in every sandbox that received it. Learners without final answers get no score.
        </ConfirmButton>
      )}
      <ActionError action={action} />
    </li>
  )
}
