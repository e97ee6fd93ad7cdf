import { useState } from 'preact/hooks'

import type { SystemView, TrapBody } from '../../../../contracts/api.ts'
import { client } from '../../../../contracts/topology.ts'
import { api } from '../../data/api.ts'
import { usePageFacts } from '../../health/use-page-facts.ts'
import { useAction } from '../../hooks/use-action.ts'
import { LeaseField } from './lease-field.tsx'

type Link = SystemView['links'][number]

/** Examples for each protocol: messages that a trap can name, the first one as the default, and an error reply. */
const examples = {
  http: { messages: ['*', 'GET *', 'POST *'], reply: '503 busy' },
  postgres: {
    messages: ['COMMIT', 'BEGIN', 'SELECT *', 'INSERT *', 'UPDATE *', '*'],
    reply: '40001 could not serialize access',
  },
  redis: {
    messages: ['*', 'GET', 'SET'],
    reply: 'LOADING Redis is loading the dataset in memory',
  },
  // No message has a name: traps find none.
  bytes: { messages: ['*'], reply: '' },
} as const satisfies Record<Link['protocol'], object>

type Action = 'deliver' | 'hold' | 'cut' | 'silence' | 'delay' | 'reply' | EndAction
type EndAction = 'kill caller' | 'kill callee' | 'pause caller' | 'pause callee'

/** Arms a trap: what happens to one message on a link, before or after its execution. */
export function TrapForm({ link, onArmed }: { readonly link: Link; readonly onArmed: () => void }) {
  const { messages, reply: errorReply } = examples[link.protocol]
  const [exchange, setExchange] = useState<string>(messages[0])
  const [nth, setNth] = useState(1)
  const [phase, setPhase] = useState<TrapBody['phase']>('after')
  const [action, setAction] = useState<Action>('hold')
  const [text, setText] = useState('')
  const [delayMs, setDelayMs] = useState(1_000)
  const [reply, setReply] = useState<string>(errorReply)
  const [leaseS, setLeaseS] = useState(60)
  const { busy, error, run } = useAction()
  const blocked = usePageFacts((facts) => facts.faultsBlocked)
  const arm = (event: Event): void => {
    event.preventDefault()
    run(async () => {
      await api.armTrap({
        link: link.name,
        exchange,
        nth,
        phase,
        leaseMs: leaseS * 1_000,
        ...(text === '' ? {} : { transaction: text }),
        ...actionOf(action, delayMs, reply),
      })
      onArmed()
    })
  }
  return (
    <form class="form" onSubmit={arm} aria-label="Trap">
      <p class="small muted">
        A trap waits for one message on this link. The tap shows the names of the messages.
      </p>
      <label title="The name of the message; * matches any characters">
        Message
        <input
          type="text"
          required
          list="trap-messages"
          value={exchange}
          onInput={(event) => setExchange(event.currentTarget.value)}
        />
      </label>
      <datalist id="trap-messages">
        {messages.map((message) => (
          <option key={message} value={message} />
        ))}
      </datalist>
      <label title="1: the first matching message after the trap is armed">
        Number of the message
        <input
          type="number"
          min={1}
          required
          value={nth}
          onInput={(event) => setNth(Math.max(1, Math.trunc(Number(event.currentTarget.value))))}
        />
      </label>
      <label title="The trap ignores messages that do not contain this text">
        Only messages with this text
        <input
          type="text"
          value={text}
          placeholder="for example the key of a request"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <label>
        Moment
        <select
          value={phase}
          onChange={(event) => setPhase(event.currentTarget.value as TrapBody['phase'])}
        >
          <option value="before">before the message arrives</option>
          <option value="after">after execution, before the reply</option>
        </select>
      </label>
      <ActionField link={link} action={action} onChange={setAction} />
      {action === 'delay' && (
        <label>
          Delay in ms
          <input
            type="number"
            min={1}
            required
            value={delayMs}
            onInput={(event) => setDelayMs(Number(event.currentTarget.value))}
          />
        </label>
      )}
      {action === 'reply' && (
        <label>
          Error that the caller receives
          <input
            type="text"
            required
            value={reply}
            onInput={(event) => setReply(event.currentTarget.value)}
          />
        </label>
      )}
      <LeaseField seconds={leaseS} onChange={setLeaseS} />
      <button class="fault" disabled={busy || blocked !== null} data-testid="arm-trap">
        {blocked ?? 'Arm the trap'}
      </button>
      {error !== null && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
    </form>
  )
}

function ActionField(props: {
  readonly link: Link
  readonly action: Action
  readonly onChange: (action: Action) => void
}) {
  const { caller, callee } = props.link
  const ends = [
    ...(caller === client ? [] : [{ end: 'caller', name: caller } as const]),
    { end: 'callee', name: callee } as const,
  ]
  return (
    <label>
      Action
      <select
        value={props.action}
        onChange={(event) => props.onChange(event.currentTarget.value as Action)}
      >
        <option value="hold">hold the message until you release it</option>
        <option value="cut">cut: lose the message, reset the connection</option>
        <option value="silence">silence: lose the message, keep the connection</option>
        <option value="delay">delay the message</option>
        <option value="reply">reply with an error</option>
        {ends.map(({ end, name }) => (
          <option key={`kill ${end}`} value={`kill ${end}`}>
            kill {name}
          </option>
        ))}
        {ends.map(({ end, name }) => (
          <option key={`pause ${end}`} value={`pause ${end}`}>
            pause {name}
          </option>
        ))}
        <option value="deliver">report only</option>
      </select>
    </label>
  )
}

/** The one member of the request that says what happens. */
function actionOf(action: Action, delayMs: number, reply: string): Partial<TrapBody> {
  switch (action) {
    case 'delay':
      return { delayMs }
    case 'reply':
      return { reply }
    case 'kill caller':
      return { kill: 'caller' }
    case 'kill callee':
      return { kill: 'callee' }
    case 'pause caller':
      return { pause: 'caller' }
    case 'pause callee':
      return { pause: 'callee' }
    default:
      // oxlint-disable-next-line unicorn/no-thenable -- a field of the API
      return { then: action }
  }
}
