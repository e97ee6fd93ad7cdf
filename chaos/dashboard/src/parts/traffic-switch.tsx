import type { TrafficRates } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { usePageState } from '../data/page-state.ts'
import { useAction } from '../hooks/use-action.ts'

const loads: readonly { readonly name: string; readonly rates: TrafficRates }[] = [
  {
    name: 'light',
    rates: { ordersPerSecond: 5, browsePerSecond: 10, quotesPerSecond: 2, readOrdersPerSecond: 3 },
  },
  {
    name: 'busy',
    rates: {
      ordersPerSecond: 25,
      browsePerSecond: 40,
      quotesPerSecond: 8,
      readOrdersPerSecond: 10,
    },
  },
]

/** Starts and stops customers, so faults have traffic to affect. */
export function TrafficSwitch() {
  const traffic = usePageState((state) => state.sandbox?.traffic ?? null)
  const running = usePageState((state) => (state.sandbox?.run ?? null) !== null)
  const { busy, error, run } = useAction()
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
            aria-pressed={traffic?.['ordersPerSecond'] === rates['ordersPerSecond']}
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
