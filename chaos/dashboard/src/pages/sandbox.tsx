import { useEffect, useState } from 'preact/hooks'

import { api } from '../data/client.ts'
import { useStore } from '../data/store.ts'
import { ActiveFaults } from '../parts/active-faults.tsx'
import { House, type Selection } from '../parts/house.tsx'
import { Inspector } from '../parts/inspector.tsx'
import { LiveCharts } from '../parts/live-charts.tsx'
import { Logs } from '../parts/logs.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { Truth } from '../parts/truth.tsx'
import { useAction, useLoaded } from '../parts/use-async.ts'

/** The whole system at one look, and hands to break it. */
export function SandboxPage() {
  const [selected, setSelected] = useState<Selection | null>(null)
  const catalogue = useLoaded(api.catalogue, 'catalogue')
  useEffect(() => {
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setSelected(null)
    }
    window.addEventListener('keydown', close)
    return () => window.removeEventListener('keydown', close)
  }, [])
  return (
    <div class="sandbox">
      <div class="column">
        <House selected={selected} onSelect={setSelected} />
        <Truth />
        <LiveCharts />
      </div>
      <div class="column">
        {selected === null ? (
          <Guide />
        ) : (
          <Inspector
            selected={selected}
            catalogue={catalogue.value}
            onClose={() => setSelected(null)}
          />
        )}
        <FaultsPanel />
        <Timeline />
      </div>
      <div class="wide">
        <Logs />
      </div>
    </div>
  )
}

function FaultsPanel() {
  const faults = useStore((state) => state.sandbox?.faults ?? [])
  const { busy, error, run } = useAction()
  return (
    <section class="panel stack" aria-label="Active faults">
      <header class="row" style={{ margin: 0 }}>
        <h2 style={{ flex: 1 }}>Active faults</h2>
        {faults.length > 0 && (
          <button disabled={busy} onClick={() => run(api.healAll)}>
            Undo all
          </button>
        )}
      </header>
      {faults.length === 0 ? (
        <p class="empty">None. This is the happy path.</p>
      ) : (
        <ActiveFaults faults={faults} />
      )}
      {error !== null && <p class="error small">{error}</p>}
    </section>
  )
}

function Guide() {
  const url = useStore((state) => state.sandbox?.urls.shop[0] ?? 'http://127.0.0.1:20020')
  return (
    <section class="panel stack">
      <h2>Try this</h2>
      <p class="small muted">
        Click a line between two rooms, choose <b>latency</b>, inject it, and watch the charts. Or
        place an order:
      </p>
      <pre class="logs">{`curl -X POST ${url}/orders \\\n  -H 'content-type: application/json' \\\n  -H "Idempotency-Key: o-$RANDOM" \\\n  -d '{"sku":"tea","quantity":1,"customer":"me"}'`}</pre>
      <p class="small muted">
        Or open <a href="#/labs">Labs</a>: each breaks one thing, and lets you mend it.
      </p>
    </section>
  )
}
