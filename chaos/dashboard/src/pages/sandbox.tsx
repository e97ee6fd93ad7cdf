import { useEffect, useState } from 'preact/hooks'

import { api } from '../data/api.ts'
import { usePageState } from '../data/page-state.ts'
import { useAction, useLoaded } from '../hooks/use-loaded.ts'
import { ActiveFaultList } from '../parts/active-fault-list.tsx'
import { ChartPanel } from '../parts/charts/chart-panel.tsx'
import { CopyButton } from '../parts/copy-button.tsx'
import { EventPanel } from '../parts/event-panel.tsx'
import { LogPanel } from '../parts/log-panel.tsx'
import { SandboxPicture, type Selection } from '../parts/picture/sandbox-picture.tsx'
import { SelectionPanel } from '../parts/picture/selection-panel.tsx'
import { TruthPanel } from '../parts/truth-panel.tsx'

/** The whole system at one look, and hands to break it. */
export function SandboxPage() {
  const [selected, setSelected] = useState<Selection | null>(null)
  const catalogue = useLoaded(api.catalogue, 'catalogue')
  const quiet = usePageState(
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
        <SandboxPicture selected={selected} onSelect={setSelected} />
        <TruthPanel />
        <ChartPanel />
      </div>
      <div class="column">
        {selected !== null && (
          <SelectionPanel
            selected={selected}
            catalogue={catalogue.value}
            onClose={() => setSelected(null)}
          />
        )}
        <FaultsPanel />
        {selected === null && quiet && <Guide />}
        <EventPanel />
      </div>
      <div class="wide">
        <LogPanel />
      </div>
    </div>
  )
}

function FaultsPanel() {
  const faults = usePageState((state) => state.sandbox?.faults ?? [])
  const lost = usePageState((state) => state.connection === 'lost')
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
        <ActiveFaultList faults={faults} />
      )}
      {error !== null && <p class="error small">{error}</p>}
    </section>
  )
}

function Guide() {
  const url = usePageState((state) => state.sandbox?.urls.shop[0] ?? 'http://127.0.0.1:20020')
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
        <CopyButton text={order} />
      </details>
    </section>
  )
}
