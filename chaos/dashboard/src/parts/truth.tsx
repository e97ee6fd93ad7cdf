import type { TruthCounters } from '../../../contracts/truth.ts'
import { useStore } from '../data/store.ts'

/** Sources of truth as counters that must agree when the shop is quiet; loud when they do not. */
export function Truth() {
  const truth = useStore((state) => state.figures?.truth ?? state.sandbox?.truth ?? null)
  const sandbox = useStore((state) => state.sandbox)
  if (truth === null)
    return (
      <section class="panel">
        <h2>Sources of truth</h2>
        <p class="empty">Cannot be read at the moment.</p>
      </section>
    )
  const quiet = isQuiet(truth)
  // Both of one look: the answers were counted first.
  const lost = Math.max(0, (sandbox?.acknowledged ?? 0) - (sandbox?.truth?.orders ?? Infinity))
  const disagree = quiet && !(truth.paid === truth.charged && truth.charged === truth.ledgerCharges)
  return (
    <section class="panel" aria-label="Sources of truth">
      <header>
        <h2>Sources of truth</h2>
        <span
          class={disagree || lost > 0 ? 'error small' : 'hint'}
          role={disagree || lost > 0 ? 'alert' : undefined}
        >
          {lost > 0
            ? `⚠ ${lost} orders that customers were told yes about are not there`
            : disagree
              ? '⚠ Everything is at rest, and the books do not agree'
              : quiet
                ? 'at rest, and the books agree'
                : 'work in progress: they must agree once everything is at rest'}
        </span>
      </header>
      <div class="truth">
        <Figure n={sandbox?.acknowledged ?? 0} text="customers told yes" loud={lost > 0} />
        <Figure n={truth.orders} text="orders in Postgres" loud={lost > 0} />
        <Figure n={truth.paid} text="orders paid" loud={disagree} />
        <Figure n={truth.charged} text="charges at payments" loud={disagree} />
        <Figure n={truth.ledgerCharges} text="charges in the ledger" loud={disagree} />
        <Figure n={truth.unfinished} text="orders in transit" />
        <Figure
          n={truth.queueWaiting + truth.queueActive + truth.queueDelayed}
          text="jobs in the queue"
        />
        <Figure n={truth.outboxWaiting} text="outbox rows waiting" />
      </div>
    </section>
  )
}

function isQuiet(truth: TruthCounters): boolean {
  return (
    truth.queueWaiting + truth.queueActive + truth.queueDelayed + truth.outboxWaiting === 0 &&
    truth.unfinished === 0
  )
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
  return (
    <div class={loud ? 'figure loud' : 'figure'}>
      <b>{n.toLocaleString('en')}</b>
      <span>{text}</span>
    </div>
  )
}
