import { useEffect, useState } from 'preact/hooks'

import { api } from '../data/client.ts'
import { useStore } from '../data/store.ts'
import { ActiveFaults } from '../parts/active-faults.tsx'
import { LiveCharts } from '../parts/charts/live-charts.tsx'
import { Timeline } from '../parts/charts/timeline.tsx'
import { Copy } from '../parts/copy.tsx'
import { Logs } from '../parts/logs.tsx'
import { Inspector } from '../parts/picture/inspector.tsx'
import { House, type Selection } from '../parts/picture/sandbox-picture.tsx'
import { Truth } from '../parts/truth.tsx'
import { useAction, useLoaded } from '../parts/use-async.ts'

/** The whole system at one look, and hands to break it. */
export function SandboxPage() {
  const [selected, setSelected] = useState<Selection | null>(null)
  const catalogue = useLoaded(api.catalogue, 'catalogue')
  const quiet = useStore(
    ({ sandbox }) => (sandbox?.faults.length ?? 0) === 0 && sandbox?.halted !== true,
  )
  useEffect(() => {
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setSelected(null)
    }
    window.addEventListener('keydown', close)
    return () => window.removeEventListener('keydown', close)
  }, [])
  return (
    <div class="sandbox live">
      <div class="column">
        <House selected={selected} onSelect={setSelected} />
        <Truth />
        <LiveCharts />
      </div>
      <div class="column">
        {selected !== null && (
          <Inspector
            selected={selected}
            catalogue={catalogue.value}
            onClose={() => setSelected(null)}
          />
        )}
        <FaultsPanel />
        {selected === null && quiet && <Guide />}
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
  const lost = useStore((state) => state.connection === 'lost')
  const { busy, error, run } = useAction()
  return (
    <section class="panel stack active" aria-label="Active faults">
      <header class="row" style={{ margin: 0 }}>
        <h2 style={{ flex: 1 }}>Active faults</h2>
        {faults.length > 0 && (
          <button disabled={busy} onClick={() => run(api.healAll)}>
            Undo all
          </button>
        )}
      </header>
      {faults.length === 0 ? (
        <p class="empty">
          {lost ? 'None when they were last seen.' : 'None. This is the happy path.'}
        </p>
      ) : (
        <ActiveFaults faults={faults} />
      )}
      {error !== null && <p class="error small">{error}</p>}
    </section>
  )
}

function Guide() {
  const url = useStore((state) => state.sandbox?.urls.shop[0] ?? 'http://127.0.0.1:20020')
  const order = `curl -X POST ${url}/orders \\
  -H 'content-type: application/json' \\
  -H "Idempotency-Key: o-$RANDOM" \\
  -d '{"sku":"tea","quantity":1,
       "customer":"me"}'`
  return (
    <section class="panel stack guide">
      <h2>Try this</h2>
      <ol>
        <li>
          Send <b>Customers</b>: light (above the picture).
        </li>
        <li>Click a line between two rooms.</li>
        <li>
          Inject <b>latency</b>, and watch the charts.
        </li>
        <li>Do the sources of truth still agree?</li>
      </ol>
      <p>
        Then open <a href="#/labs">Labs</a>: each breaks one thing, and lets you mend it.
      </p>
      <details class="small">
        <summary>Place one order by hand</summary>
        <pre class="logs asis">{order}</pre>
        <Copy text={order} />
      </details>
    </section>
  )
}
