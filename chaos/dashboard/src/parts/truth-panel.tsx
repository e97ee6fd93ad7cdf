import { useRef } from 'preact/hooks'

import type { SandboxView } from '../../../contracts/api.ts'
import type { TruthCounters } from '../../../contracts/truth.ts'
import { usePageState } from '../data/page-state.ts'

/** On its way from one to the next, an order is in nobody's hands for moments only. */
const forgottenAfterMs = 5_000

/** Sources of truth as counters that must agree when the shop is quiet; loud when they do not. */
export function TruthPanel() {
  const truth = usePageState(({ figures, sandbox }) => newer(figures?.truth, sandbox))
  const sandbox = usePageState((state) => state.sandbox)
  const lostSight = usePageState((state) => state.connection === 'lost')
  const inNobodysHandsSince = useRef<number | null>(null)
  if (truth === null)
    return (
      <section class="panel">
        <h2>Sources of truth</h2>
        <p class="empty">Cannot be read at the moment.</p>
      </section>
    )
  if (truth.unfinished > 0 && inHand(truth) === 0) inNobodysHandsSince.current ??= performance.now()
  else inNobodysHandsSince.current = null
  const forgotten =
    inNobodysHandsSince.current !== null &&
    performance.now() - inNobodysHandsSince.current > forgottenAfterMs
  // Both of one look: the answers were counted first.
  const lost = Math.max(0, (sandbox?.acknowledged ?? 0) - (sandbox?.truth?.orders ?? Infinity))
  const quiet = truth.unfinished + inHand(truth) === 0
  const disagree = quiet && !(truth.paid === truth.charged && truth.charged === truth.ledgerCharges)
  const alarm =
    lost > 0
      ? `${lost} orders that customers were told yes about are not there`
      : forgotten
        ? `${truth.unfinished} orders are unfinished, and nobody works on them`
        : disagree
          ? 'Everything is at rest, and the books do not agree'
          : null
  return (
    <section class="panel" aria-label="Sources of truth">
      <header>
        <h2>Sources of truth</h2>
        {alarm === null ? (
          <span class="hint">
            {lostSight
              ? 'as last seen'
              : quiet
                ? 'at rest, and the books agree'
                : 'work in progress: they must agree once everything is at rest'}
          </span>
        ) : (
          <b class="alarm" role="alert">
            ⚠ {alarm}
          </b>
        )}
      </header>
      <div class="truth">
        <Figure n={sandbox?.acknowledged ?? 0} text="customers told yes" loud={lost > 0} />
        <Figure n={truth.orders} text="orders in Postgres" loud={lost > 0} />
        <Figure n={truth.paid} text="orders paid" loud={disagree} />
        <Figure n={truth.charged} text="charges at payments" loud={disagree} />
        <Figure n={truth.ledgerCharges} text="charges in the ledger" loud={disagree} />
        <Figure n={truth.unfinished} text="orders in transit" loud={forgotten} />
        <Figure n={inHand(truth) - truth.outboxWaiting} text="jobs in the queue" />
        <Figure n={truth.outboxWaiting} text="outbox rows waiting" />
      </div>
    </section>
  )
}

/**
 * What the stream told last, unless the answers were counted after it: then the look that was taken with them. Two moments
 * side by side would look like an order that is lost.
 */
function newer(told: TruthCounters | undefined, sandbox: SandboxView | null): TruthCounters | null {
  const looked = sandbox?.truth ?? null
  if (told === undefined || sandbox === null) return told ?? looked
  const behind = told.orders < sandbox.acknowledged
  return behind && looked !== null && looked.orders > told.orders ? looked : told
}

/** Jobs and outbox rows: somebody is to do something. */
function inHand(truth: TruthCounters): number {
  return truth.queueWaiting + truth.queueActive + truth.queueDelayed + truth.outboxWaiting
}

function Figure({
  n,
  text,
  loud = false,
}: {
  readonly n: number
  readonly text: string
  readonly loud?: boolean
}) {
  const figure = n.toLocaleString('en')
  return (
    <div class={loud ? 'figure loud' : 'figure'}>
      <b class={figure.length > 5 ? 'long' : ''}>{figure}</b>
      <span>
        {loud && '⚠ '}
        {text}
      </span>
    </div>
  )
}
