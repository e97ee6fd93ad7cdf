import { api } from '../../data/api.ts'
import { usePageState } from '../../data/page-state.ts'
import { usePageFacts } from '../../health/use-page-facts.ts'
import { useAction } from '../../hooks/use-action.ts'

/** Starts and stops customers, so faults have traffic to affect. */
export function TrafficSwitch() {
  const loads = usePageState((state) => state.sandbox?.system.page.loads)
  const traffic = usePageState((state) => state.sandbox?.traffic ?? null)
  const running = usePageState((state) => (state.sandbox?.run ?? null) !== null)
  const blocked = usePageFacts((facts) => facts.blocked)
  const { busy, error, run } = useAction()
  if (loads === undefined) return null
  const reason = blocked ?? (running ? 'A run sends its own traffic' : undefined)
  return (
    <div class="row" role="group" aria-label="Customers">
      <span class="small muted">Customers</span>
      <div class="tabs">
        <button
          aria-pressed={blocked === null && traffic === null}
          disabled={busy || reason !== undefined}
          title={reason}
          onClick={() => run(api.stopTraffic)}
        >
          none
        </button>
        {loads.map(({ name, rates }) => (
          <button
            key={name}
            data-testid={`traffic-${name}`}
            aria-pressed={traffic !== null && isSame(traffic, rates)}
            disabled={busy || reason !== undefined}
            title={reason}
            onClick={() => run(() => api.sendTraffic(rates))}
          >
            {name}
          </button>
        ))}
      </div>
      {error !== null && <span class="error small">{error}</span>}
    </div>
  )
}

function isSame(traffic: object, rates: Readonly<Record<string, number>>): boolean {
  const current = new Map(Object.entries(traffic))
  return Object.entries(rates).every(([name, rate]) => current.get(name) === rate)
}
