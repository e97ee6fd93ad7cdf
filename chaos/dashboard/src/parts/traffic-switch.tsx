import { api } from '../data/api.ts'
import { usePageState } from '../data/page-state.ts'
import { useAction } from '../hooks/use-action.ts'

/** Starts and stops customers, so faults have traffic to affect. */
export function TrafficSwitch() {
  const loads = usePageState((state) => state.sandbox?.system.page.loads)
  const traffic = usePageState((state) => state.sandbox?.traffic ?? null)
  const running = usePageState((state) => (state.sandbox?.run ?? null) !== null)
  const { busy, error, run } = useAction()
  if (loads === undefined) return null
  return (
    <div class="row" role="group" aria-label="Customers">
      <span class="small muted">Customers</span>
      <div class="tabs">
        <button
          aria-pressed={traffic === null}
          disabled={busy || running}
          onClick={() => run(api.stopTraffic)}
        >
          none
        </button>
        {loads.map(({ name, rates }) => (
          <button
            key={name}
            data-testid={`traffic-${name}`}
            aria-pressed={traffic !== null && isSame(traffic, rates)}
            disabled={busy || running}
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
