import './workshop.css'
import type { InboxPush, MembershipView } from '../../../contracts/workshop.ts'
import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { useTick } from '../hooks/use-tick.ts'
import { clockTime } from '../parts/clock-time.ts'
import { useWorkshop, useWorkshopTurn } from './use-workshop.ts'
import { countdownText, leftMsOf } from './words.ts'

/** Above every page while the learner is in a workshop: the timer, what the instructor sent, what is sent to the host. */
export function WorkshopPanel() {
  const view = useWorkshop()
  if (view === null || view.joined === null) return null
  const { joined, inbox } = view
  return (
    <section class="panel workshop" aria-label="Workshop">
      <div class="row">
        <b>{joined.workshop}</b>
        <span class="muted">as {joined.name}</span>
        <Countdown view={view} />
        <Buttons view={view} />
      </div>
      <Incident />
      {inbox.slice(0, 3).map((push) => (
        <p key={push.seq} class="push" role="status">
          <span class="muted small">{clockTime(new Date(push.at)).slice(0, 5)}</span>{' '}
          <PushText push={push} />
        </p>
      ))}
      <Sent view={view} />
    </section>
  )
}

/** The incident of the host is open: learners on other pages must see it. Its report causes a `workshop` event. */
function Incident() {
  const { value } = useLoaded(api.gameday, `incident ${useWorkshopTurn()}`)
  if (value?.state !== 'running') return null
  return (
    <p class="push" role="status">
      <b class="tone-fault">▲ An incident may be in progress.</b> Look, then answer in the panel{' '}
      <a href="#/sandbox">Game day</a> of the page Sandbox.
    </p>
  )
}

function Countdown({ view: { exercise } }: { readonly view: MembershipView }) {
  useTick(1_000)
  if (exercise === null || exercise.state === 'stopped') return null
  const leftMs = leftMsOf(exercise, Date.now())
  return (
    <span>
      {exercise.title}
      {leftMs !== null && <b class="timer"> {countdownText(leftMs)}</b>}
      {exercise.state === 'paused' && ' paused'}
    </span>
  )
}

function Buttons({ view: { joined, helpAskedAt } }: { readonly view: MembershipView }) {
  const { busy, error, run } = useAction()
  if (joined === null || joined.isLeaving) return <span>You have left.</span>
  return (
    <>
      <button
        type="button"
        disabled={busy || helpAskedAt !== null}
        onClick={() => run(async () => await api.askForHelp({}))}
      >
        {helpAskedAt === null ? 'Ask for help' : 'You have asked for help'}
      </button>
      <button
        type="button"
        disabled={busy}
        onClick={() => run(async () => await api.leaveWorkshop())}
      >
        Leave
      </button>
      {error !== null && <span class="error">{error}</span>}
    </>
  )
}

function PushText({ push }: { readonly push: InboxPush }) {
  const { busy, error, run } = useAction()
  switch (push.type) {
    case 'note':
      return <span>{push.text}</span>
    case 'hint':
      return (
        <span>
          <a href={`#/labs/${push.lab}`}>{push.lab}</a>: {push.text}
        </span>
      )
    case 'code-wanted':
      return (
        <span>
          The instructor asks for your code of <a href={`#/labs/${push.lab}`}>{push.lab}</a>.{' '}
          <button
            type="button"
            disabled={busy}
            onClick={() => run(async () => await api.shareLab(push.lab))}
          >
            Send my code
          </button>
          {error !== null && <span class="error"> {error}</span>}
        </span>
      )
    case 'help-seen':
      return <span>The instructor has seen your request for help.</span>
  }
}

function Sent({
  view: { sends, sent, waiting, lastSent, problem },
}: {
  readonly view: MembershipView
}) {
  return (
    <details>
      <summary class="small muted">
        Sent to the host: {sent}
        {waiting > 0 && `, ${waiting} wait`}
      </summary>
      {problem !== null && <p class="error">{problem}</p>}
      <ul class="small">
        {sends.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <ol class="small">
        {lastSent.map(({ at, text }, index) => (
          <li key={`${at} ${index}`}>
            {clockTime(new Date(at)).slice(0, 8)} {text}
          </li>
        ))}
      </ol>
    </details>
  )
}
