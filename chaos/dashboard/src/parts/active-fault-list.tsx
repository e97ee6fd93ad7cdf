import type { ActiveFault } from '../../../contracts/fault.ts'
import { describeActiveFault } from '../../../report/describe-active-fault.ts'
import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'
import { useTick } from '../hooks/use-tick.ts'
import { UnbrokenWords } from './unbroken-words.tsx'

/** Active faults, each with the rest of its lease and a button that heals it. */
export function ActiveFaultList({ faults }: { readonly faults: readonly ActiveFault[] }) {
  useTick(500)
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
                disabled={busy}
                onClick={() => run(() => api.heal(fault.id))}
                data-testid="heal"
              >
                Heal
              </button>
              <div class="lease">
                <i style={{ width: `${Math.min(100, (100 * leftMs) / fault.leaseMs)}%` }} />
              </div>
              <span class="small muted">lease: heals in {timeLeft(leftMs)}</span>
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

/** `48 s`, `8 min 53 s` */
function timeLeft(ms: number): string {
  const seconds = Math.ceil(ms / 1_000)
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
