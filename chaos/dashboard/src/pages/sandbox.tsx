import { useEffect, useState } from 'preact/hooks'

import { api } from '../data/api.ts'
import { isAdopted, usePageState } from '../data/page-state.ts'
import { GamedayPanel } from '../gameday/gameday-panel.tsx'
import { usePageFacts } from '../health/use-page-facts.ts'
import { useAction } from '../hooks/use-action.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { liveMomentOf, pin, pointAt, unpoint } from '../live/live-moment.ts'
import { LiveScrubber } from '../live/live-scrubber.tsx'
import { ActiveFaultList } from '../parts/active-fault-list.tsx'
import { ChartPanel } from '../parts/charts/chart-panel.tsx'
import { CopyButton } from '../parts/copy-button.tsx'
import { EventPanel } from '../parts/event-panel.tsx'
import { LogPanel } from '../parts/log-panel.tsx'
import { SandboxPicture, type Selection } from '../parts/picture/sandbox-picture.tsx'
import { SelectionPanel } from '../parts/picture/selection-panel.tsx'
import { TrapPanel } from '../parts/trap-panel.tsx'
import { TruthPanel } from '../parts/truth-panel.tsx'

/** The live sandbox: the system as a picture, sources of truth, charts, faults, events and logs. */
export function SandboxPage() {
  const [selected, setSelected] = useState<Selection | null>(null)
  const catalogue = useLoaded(api.catalogue, 'catalogue')
  const [armed, setArmed] = useState(0)
  const untouched = usePageState(
    ({ sandbox }) => sandbox !== null && sandbox.faults.length === 0 && !sandbox.halted,
  )
  const adopted = usePageState(isAdopted)
  useEffect(() => {
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setSelected(null)
    }
    window.addEventListener('keydown', close)
    return () => window.removeEventListener('keydown', close)
  }, [])
  return (
    <div class="sandbox live">
      <LiveScrubber />
      <div class="column">
        <SandboxPicture selected={selected} onSelect={setSelected} />
        <TruthPanel />
        <ChartPanel
          moment={chartMoment}
          openFlow={(key) => {
            location.hash = `#/flows/${encodeURIComponent(key)}`
          }}
        />
      </div>
      <div class="column">
        {selected !== null && (
          <SelectionPanel
            selected={selected}
            catalogue={catalogue.value}
            onArmed={() => setArmed((n) => n + 1)}
            onClose={() => setSelected(null)}
          />
        )}
        <FaultPanel />
        <TrapPanel armed={armed} />
        {selected === null && untouched && (adopted ? <AdoptedGuide /> : <Guide />)}
        {!adopted && <GamedayPanel />}
        <EventPanel />
      </div>
      <div class="wide">
        <LogPanel />
      </div>
    </div>
  )
}

/** Charts show the moment of the page and choose it. */
const chartMoment = { get: liveMomentOf, set: pointAt, pin, leave: unpoint }

function FaultPanel() {
  const faults = usePageState((state) => state.sandbox?.faults ?? [])
  const blocked = usePageFacts((facts) => facts.blocked)
  const noFaults = usePageFacts((facts) => facts.noFaults)
  const { busy, error, run } = useAction()
  return (
    <section class="panel stack active" aria-label="Faults">
      <header class="row" style={{ margin: 0 }}>
        <h2 style={{ flex: 1 }}>Faults</h2>
        {faults.length > 0 && (
          <button
            disabled={busy || blocked !== null}
            title={blocked ?? undefined}
            onClick={() => run(api.healAll)}
          >
            Heal all
          </button>
        )}
      </header>
      {faults.length === 0 ? <p class="empty">{noFaults}</p> : <ActiveFaultList faults={faults} />}
      {error !== null && <p class="error small">{error}</p>}
    </section>
  )
}

/** First steps in a user's own system. */
function AdoptedGuide() {
  const urls = usePageState(({ sandbox }) => sandbox?.urls.shop ?? [])
  return (
    <section class="panel stack guide">
      <h2>Try this</h2>
      <ol>
        <li>Click a line between two boxes.</li>
        <li>
          Inject <b>latency</b>, and use your system.
        </li>
        <li>
          Open <a href="#/xray">X-ray</a>: it loses each message of one flow and compares what the
          stores contain.
        </li>
      </ol>
      {urls.length > 0 && (
        <p class="small">
          Requests through the links from clients:{' '}
          {urls.map((url) => (
            <code key={url}>{url} </code>
          ))}
        </p>
      )}
    </section>
  )
}

/** First steps, shown while no fault is active and nothing is selected. */
function Guide() {
  const load = usePageState(({ sandbox }) => sandbox?.system.page.loads?.[0]?.name)
  const example = usePageState(({ sandbox }) => sandbox?.system.page.example)
  const url = usePageState(({ sandbox }) => sandbox?.urls.shop[0])
  return (
    <section class="panel stack guide">
      <h2>Try this</h2>
      <ol>
        {load !== undefined && (
          <li>
            Above the picture, set <b>Customers</b> to {load}.
          </li>
        )}
        <li>Click a line between two boxes.</li>
        <li>
          Inject <b>latency</b> and watch the charts.
        </li>
        <li>Look at the sources of truth: do they still agree?</li>
      </ol>
      <p>
        Then open the <a href="#/labs">labs</a>. Each lab breaks one thing, and you fix it.
      </p>
      {example !== undefined && url !== undefined && (
        <details class="small">
          <summary>{example.title}</summary>
          <pre class="logs asis">{example.command.replaceAll('{url}', url)}</pre>
          <CopyButton text={example.command.replaceAll('{url}', url)} />
        </details>
      )}
    </section>
  )
}
