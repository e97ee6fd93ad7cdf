import type { ActiveFault } from '../../../contracts/fault.ts'
import { describeActiveFault } from '../../../report/describe-active-fault.ts'
import { api } from '../data/api.ts'
import { usePageFacts } from '../health/use-page-facts.ts'
import { useAction } from '../hooks/use-action.ts'
import { useTick } from '../hooks/use-tick.ts'
import { UnbrokenWords } from './unbroken-words.tsx'

/** Active faults, each with the rest of its lease and a button that heals it. */
export function ActiveFaultList({ faults }: { readonly faults: readonly ActiveFault[] }) {
  useTick(500)
  const blocked = usePageFacts((facts) => facts.blocked)
  const { busy, error, run } = useAction()
  return (
    <>
      <ul class="faults">
        {faults.map((fault) => {
          const leftMs = Math.max(0, Date.parse(fault.until) - Date.now())
          return (
            <li key={fault.id}>
              <span>
                <UnbrokenWords text={describeActiveFault(fault)} />
              </span>
              <button
                disabled={busy || blocked !== null}
                title={blocked ?? undefined}
                onClick={() => run(() => api.heal(fault.id))}
                data-testid="heal"
              >
                Heal
              </button>
              <div class="lease">
                <i style={{ width: `${Math.min(100, (100 * leftMs) / fault.leaseMs)}%` }} />
              </div>
              <span class="small muted">{leaseText(leftMs, blocked === null)}</span>
            </li>
          )
        })}
      </ul>
      {error !== null && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
    </>
  )
}

/** Without the controller, the data plane ends the fault with its lease, and the page does not learn it. */
function leaseText(leftMs: number, known: boolean): string {
  if (known) return `lease: heals in ${timeLeft(leftMs)}`
  return leftMs > 0
    ? `last known; its lease ends in ${timeLeft(leftMs)}`
    : 'last known; its lease has ended'
}

/** `48 s`, `8 min 53 s` */
function timeLeft(ms: number): string {
  const seconds = Math.ceil(ms / 1_000)
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
