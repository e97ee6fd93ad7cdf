import { useRef } from 'preact/hooks'

import type { SandboxView } from '../../../contracts/api.ts'
import { usePageState } from '../data/page-state.ts'
import { judgeFigures, valueOf } from '../data/truth-figures.ts'

/** Between two steps, an unfinished thing has no work waiting for it. That takes moments; longer means it is stuck. */
const stuckAfterMs = 5_000

/** The sources of truth as counters. They must agree when the system is settled; an alarm reports when they do not. */
export function TruthPanel() {
  const streamed = usePageState(({ figures }) => figures?.truth)
  const sandbox = usePageState((state) => state.sandbox)
  const disconnected = usePageState((state) => state.connection === 'lost')
  const withoutWorkSince = useRef<number | null>(null)
  const figures = sandbox?.system.page.figures ?? []
  const truth = newer(streamed, sandbox)
  // Nothing is known about the data of an adopted system.
  if (sandbox?.system.adopted === true) return null
  if (truth === null)
    return (
      <section class="panel">
        <h2>Sources of truth</h2>
        <p class="empty">
          {sandbox === null
            ? 'Not known yet.'
            : 'The sources of truth cannot be read at the moment.'}
        </p>
      </section>
    )
  const acknowledged = sandbox?.acknowledged ?? 0
  const counters = { ...truth, acknowledged }
  const since = withoutWorkSince.current
  const { settled, withoutWork, loud, alarm } = judgeFigures(figures, counters, {
    // Both are from the same snapshot. Responses are counted first, so a request in between is not missing.
    snapshot: sandbox?.truth == null ? null : { ...sandbox.truth, acknowledged },
    stuck: since !== null && performance.now() - since > stuckAfterMs,
  })
  withoutWorkSince.current = withoutWork ? (since ?? performance.now()) : null
  return (
    <section class="panel" aria-label="Sources of truth">
      <header>
        <h2>Sources of truth</h2>
        {alarm === null ? (
          <span class="hint">
            {disconnected
              ? 'last known values'
              : settled
                ? 'settled: the sources of truth agree'
                : 'not settled: they must agree when nothing is in flight'}
          </span>
        ) : (
          <b class="alarm" role="alert">
            ⚠ {alarm}
          </b>
        )}
      </header>
      <div class="truth">
        {figures.map((figure) => (
          <Figure
            key={figure.text}
            n={valueOf(figure, counters)}
            text={figure.text}
            loud={loud.has(figure)}
          />
        ))}
      </div>
    </section>
  )
}

/**
 * The newest counters. The event stream's last counters can be older than the count of acknowledged requests; the snapshot
 * of that count then replaces them, because two moments side by side would look like a loss.
 */
function newer(
  streamed: SandboxView['truth'] | undefined,
  sandbox: SandboxView | null,
): SandboxView['truth'] {
  const snapshot = sandbox?.truth ?? null
  if (streamed == null || sandbox === null) return streamed ?? snapshot
  const stored = sandbox.system.page.figures.find(({ role }) => role === 'stored')
  if (stored === undefined || snapshot === null) return streamed
  const shown = valueOf(stored, streamed)
  return shown < sandbox.acknowledged && valueOf(stored, snapshot) > shown ? snapshot : streamed
}

function Figure(props: { readonly n: number; readonly text: string; readonly loud: boolean }) {
  const figure = props.n.toLocaleString('en')
  return (
    <div class={props.loud ? 'figure loud' : 'figure'}>
      <b class={figure.length > 5 ? 'long' : ''}>{figure}</b>
      <span>
        {props.loud && '⚠ '}
        {props.text}
      </span>
    </div>
  )
}
