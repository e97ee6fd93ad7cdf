import type { Ref } from 'preact'
import { useState } from 'preact/hooks'

import type { InstructorView, PushBody } from '../../../../contracts/workshop.ts'
import { useAction } from '../../hooks/use-action.ts'
import type { HostApi } from '../host-api.ts'
import { learnersText } from '../words.ts'
import { ActionError } from './action-error.tsx'
import { LabSelect } from './lab-select.tsx'
import { RecipientChoice } from './recipient-choice.tsx'
import type { RecipientsChoice } from './recipient-choice.tsx'

type Kind = PushBody['push']['type']

const kinds: Readonly<Record<Kind, string>> = {
  note: 'Note',
  hint: 'Hint for a lab',
  'code-wanted': 'Ask for the code of a lab',
}

/** A note, a hint or a request for code, to one learner, some or all. */
export function MessagePanel({
  api,
  view,
  to,
  field,
}: {
  readonly api: HostApi
  readonly view: InstructorView
  readonly to: RecipientsChoice
  readonly field: Ref<HTMLTextAreaElement>
}) {
  const [kind, setKind] = useState<Kind>('note')
  const [chosenLab, setLab] = useState<string | null>(null)
  const [text, setText] = useState('')
  const [sent, setSent] = useState<string | null>(null)
  const action = useAction()
  const lab = chosenLab ?? view.exercise?.lab ?? view.labs[0]?.id ?? ''
  const send = async (): Promise<void> => {
    setSent(null)
    const { sentTo } = await api.push({ to: to.recipients, push: pushOf(kind, lab, text) })
    setSent(`Sent to ${learnersText(sentTo.length)}.`)
    setText('')
  }
  const isEmpty = kind !== 'code-wanted' && text.trim() === ''
  return (
    <section class="panel" aria-labelledby="message-title">
      <header>
        <h2 id="message-title">Message</h2>
      </header>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          action.run(send)
        }}
      >
        <RecipientChoice group="message" to={to} />
        <label>
          What
          <select
            value={kind}
            onChange={({ currentTarget }) => setKind(currentTarget.value as Kind)}
          >
            {Object.entries(kinds).map(([id, title]) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
        {kind !== 'note' && <LabSelect labs={view.labs} value={lab} onChange={setLab} />}
        {kind !== 'code-wanted' && (
          <label>
            Text
            <textarea
              ref={field}
              rows={3}
              value={text}
              onInput={({ currentTarget }) => setText(currentTarget.value)}
            />
          </label>
        )}
        <p class="row">
          <button class="primary" disabled={action.busy || isEmpty || to.count === 0}>
            Send to {learnersText(to.count)}
          </button>
          <span role="status">{sent}</span>
        </p>
        <ActionError action={action} />
      </form>
    </section>
  )
}

function pushOf(kind: Kind, lab: string, text: string): PushBody['push'] {
  if (kind === 'note') return { type: kind, text }
  return kind === 'hint' ? { type: kind, lab, text } : { type: kind, lab }
}
