import type { TrapStatus } from '../../../contracts/links.ts'
import { api } from '../data/api.ts'
import { usePageFacts } from '../health/use-page-facts.ts'
import { useAction } from '../hooks/use-action.ts'
import { useTraps } from '../hooks/use-traps.ts'
import { UnbrokenWords } from './unbroken-words.tsx'

/**
 * The traps that are not disarmed, with buttons that release a held message and disarm the trap. `armed` grows with each trap
 * that the page arms.
 */
export function TrapPanel({ armed }: { readonly armed: number }) {
  const { traps, reload } = useTraps(armed)
  const blocked = usePageFacts((facts) => facts.blocked)
  const { busy: acting, error, run } = useAction()
  const busy = acting || blocked !== null
  if (traps.length === 0) return null
  const act = (action: () => Promise<void>): void =>
    run(async () => {
      await action()
      reload()
    })
  return (
    <section class="panel stack" aria-label="Traps">
      <h2>Traps</h2>
      <ul class="traps">
        {traps.map((trap) => {
          const { id } = trap.order
          return (
            <li key={id} class={trap.state} data-testid="trap">
              <span>
                <b class="mono">{trap.order.exchange}</b> <UnbrokenWords text={describe(trap)} />
              </span>
              <span class="small muted">{stateOf(trap)}</span>
              <div class="row">
                {isHeldForUser(trap) &&
                  releases.map(({ how, text, title }) => (
                    <button
                      key={how}
                      disabled={busy}
                      title={title}
                      onClick={() => act(() => api.releaseTrap(id, how))}
                    >
                      {text}
                    </button>
                  ))}
                <button
                  disabled={busy}
                  title={disarmTitle(trap)}
                  onClick={() => act(() => api.disarmTrap(id))}
                >
                  {trap.state === 'armed' || trap.state === 'held' ? 'Disarm' : 'Remove'}
                </button>
              </div>
            </li>
          )
        })}
      </ul>
      {error !== null && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
    </section>
  )
}

const releases = [
  { how: 'deliver', text: 'Deliver', title: 'Deliver the held message' },
  { how: 'cut', text: 'Cut', title: 'Lose the held message and reset its connection' },
  {
    how: 'silence',
    text: 'Silence',
    title: 'Lose the held message; its connection stays open and carries nothing more',
  },
] as const

/** `no. 2 on api-1:postgres, after execution: cut` */
function describe({ order }: TrapStatus): string {
  const { nth, links, phase, then, transaction } = order
  const where = links.length > 2 ? `${links.length} links` : links.join(', ')
  const moment = phase === 'before' ? 'before execution' : 'after execution'
  const who = transaction === undefined ? '' : ` for ${transaction}`
  return `no. ${nth} on ${where}${who}, ${moment}: ${actionOf(then)}`
}

function actionOf(then: TrapStatus['order']['then']): string {
  switch (then.do) {
    case 'deliver':
      return 'report only'
    case 'delay':
      return `delay ${then.delayMs} ms`
    case 'replace':
      return `reply ${then.reply}`
    case 'hold':
      return then.dying === undefined ? 'hold' : `hold; a fault hits the ${then.dying}`
    default:
      return then.do
  }
}

function stateOf({ state, seen }: TrapStatus): string {
  switch (state) {
    case 'armed':
      return `armed; ${seen} seen`
    case 'held':
      return 'holds its message'
    case 'sprung':
      return 'sprung'
    case 'expired':
      return 'its lease ended'
  }
}

/** A message that is held for a fault is released by the fault. */
function isHeldForUser({ state, order }: TrapStatus): boolean {
  return state === 'held' && order.then.do === 'hold' && order.then.dying === undefined
}

function disarmTitle({ state }: TrapStatus): string {
  if (state === 'held') return 'Disarm the trap and deliver its message'
  return state === 'armed' ? 'Disarm the trap' : 'Remove the trap from the list'
}
