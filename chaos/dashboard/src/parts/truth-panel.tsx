import { useRef } from 'preact/hooks'

import { formatCount } from '../../../checks/lib/format.ts'
import type { SandboxView } from '../../../contracts/api.ts'
import { usePageState } from '../data/page-state.ts'

/** The counters that this panel shows. */
type TruthCounters = Readonly<
  Record<
    | 'orders'
    | 'paid'
    | 'unfinished'
    | 'charged'
    | 'ledgerCharges'
    | 'queueWaiting'
    | 'queueActive'
    | 'queueDelayed'
    | 'outboxWaiting',
    number
  >
>

/** Between two steps, an unfinished order has no job and no outbox row. That takes moments; longer means it is stuck. */
const stuckAfterMs = 5_000

/** The sources of truth as counters. They must agree when the shop is settled; an alarm reports when they do not. */
export function TruthPanel() {
  const truth = usePageState(({ figures, sandbox }) =>
    newer(figures?.truth as TruthCounters | undefined, sandbox),
  )
  const sandbox = usePageState((state) => state.sandbox)
  const disconnected = usePageState((state) => state.connection === 'lost')
  const withoutWorkSince = useRef<number | null>(null)
  if (truth === null)
    return (
      <section class="panel">
        <h2>Sources of truth</h2>
        <p class="empty">The sources of truth cannot be read at the moment.</p>
      </section>
    )
  if (truth.unfinished > 0 && pendingWork(truth) === 0)
    withoutWorkSince.current ??= performance.now()
  else withoutWorkSince.current = null
  const stuck =
    withoutWorkSince.current !== null && performance.now() - withoutWorkSince.current > stuckAfterMs
  // Both figures are from the same snapshot. Responses are counted first, so an order in between is not missing.
  const lost = Math.max(0, (sandbox?.acknowledged ?? 0) - (sandbox?.truth?.['orders'] ?? Infinity))
  const settled = truth.unfinished + pendingWork(truth) === 0
  const disagree =
    settled && !(truth.paid === truth.charged && truth.charged === truth.ledgerCharges)
  const alarm =
    lost > 0
      ? `${formatCount(lost, 'accepted order')} missing in Postgres`
      : stuck
        ? `${formatCount(truth.unfinished, 'unfinished order')} without a job or an outbox row`
        : disagree
          ? 'Settled, but the sources of truth disagree'
          : null
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
        <Figure n={sandbox?.acknowledged ?? 0} text="orders accepted" loud={lost > 0} />
        <Figure n={truth.orders} text="orders in Postgres" loud={lost > 0} />
        <Figure n={truth.paid} text="orders paid" loud={disagree} />
        <Figure n={truth.charged} text="charges at payments" loud={disagree} />
        <Figure n={truth.ledgerCharges} text="charges in the ledger" loud={disagree} />
        <Figure n={truth.unfinished} text="orders in transit" loud={stuck} />
        <Figure n={pendingWork(truth) - truth.outboxWaiting} text="jobs in the queue" />
        <Figure n={truth.outboxWaiting} text="outbox rows waiting" />
      </div>
    </section>
  )
}

/**
 * The newest counters. The event stream's last counters can be older than the count of acknowledged orders; the snapshot
 * of that count then replaces them, because two moments side by side would look like a lost order.
 */
function newer(
  streamed: TruthCounters | undefined,
  sandbox: SandboxView | null,
): TruthCounters | null {
  const snapshot = (sandbox?.truth ?? null) as TruthCounters | null
  if (streamed === undefined || sandbox === null) return streamed ?? snapshot
  const behind = streamed.orders < sandbox.acknowledged
  return behind && snapshot !== null && snapshot.orders > streamed.orders ? snapshot : streamed
}

/** Jobs in the queue and outbox rows: work that a worker will do. */
function pendingWork(truth: TruthCounters): number {
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
