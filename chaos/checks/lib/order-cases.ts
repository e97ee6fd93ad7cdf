import type { Evidence } from '#chaos/contracts/check.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type {
  Charge,
  ChargeRequest,
  LedgerTransaction,
  OrderEventRow,
  OrderRow,
  OutboxRow,
} from '#chaos/contracts/truth.ts'

/** Everything that every source says about one wish of one client: one Idempotency-Key. */
export interface OrderCase {
  readonly key: string
  /** Submissions by the client, in time order; empty if somebody else placed it. */
  readonly operations: readonly Operation[]
  /** Some submission was answered with a yes. */
  readonly acknowledged: boolean
  /** Every submission surely did not happen. */
  readonly refused: boolean
  /** Ids that the client was told, without repetition. */
  readonly acknowledgedIds: readonly string[]
  readonly rows: readonly OrderRow[]
  readonly events: readonly OrderEventRow[]
  readonly charges: readonly Charge[]
  readonly chargeRequests: readonly ChargeRequest[]
  readonly ledger: readonly LedgerTransaction[]
  /** Order ids that a job in the queue still speaks of. */
  readonly unfinishedJobs: readonly string[]
  /** What the queue was told, or will be. */
  readonly messages: readonly OutboxRow[]
  /** Order ids that wait in the outbox. */
  readonly outboxWaiting: readonly string[]
}

/** All cases of a run, those of the client's history first and in time order. */
export function orderCases(evidence: Evidence): readonly OrderCase[] {
  const { truth } = evidence
  const submissions = allOperations(evidence).filter(({ kind }) => kind === 'place-order')
  const operations = Map.groupBy(submissions, ({ key }) => key ?? '')
  const rows = Map.groupBy(truth.orders, (row) => row.clientKey)
  const events = byKey(truth.orderEvents)
  const charges = byKey(truth.charges)
  const chargeRequests = byKey(truth.chargeRequests)
  const ledger = byKey(truth.ledger)
  const jobs = Map.groupBy(truth.queue.unfinishedOrderIds, keyOfOrder)
  const outbox = byKey(truth.outbox)
  const keys = new Set([...operations.keys(), ...rows.keys(), ...charges.keys(), ...ledger.keys()])
  return [...keys].map((key): OrderCase => {
    const sent = operations.get(key) ?? []
    const accepted = sent.filter(({ outcome }) => outcome === 'ok')
    return {
      key,
      operations: sent,
      acknowledged: accepted.length > 0,
      refused: sent.length > 0 && sent.every(({ outcome }) => outcome === 'fail'),
      acknowledgedIds: [...new Set(accepted.flatMap(({ orderId }) => orderId ?? []))],
      rows: rows.get(key) ?? [],
      events: events.get(key) ?? [],
      charges: charges.get(key) ?? [],
      chargeRequests: chargeRequests.get(key) ?? [],
      ledger: ledger.get(key) ?? [],
      unfinishedJobs: jobs.get(key) ?? [],
      messages: outbox.get(key) ?? [],
      outboxWaiting: (outbox.get(key) ?? [])
        .filter(({ publishedAt }) => publishedAt === null)
        .map(({ orderId }) => orderId),
    }
  })
}

/** Steady state and faults together, in the order in which they began. */
export function allOperations(evidence: Evidence): readonly Operation[] {
  const byNumber = new Map(
    [...evidence.steadyOperations, ...evidence.operations].map((operation) => [
      operation.id,
      operation,
    ]),
  )
  return [...byNumber.values()].toSorted((a, b) => a.startMs - b.startMs || a.id - b.id)
}

/** An order's id is its client key, a dot, and a few random characters. */
export function keyOfOrder(orderId: string): string {
  const dot = orderId.lastIndexOf('.')
  return dot === -1 ? orderId : orderId.slice(0, dot)
}

/** The name under which a case is reported: the id that the client was told, else the stored one, else the key. */
export function orderName(order: OrderCase): string {
  return order.acknowledgedIds[0] ?? order.rows[0]?.id ?? order.charges[0]?.orderId ?? order.key
}

function byKey<T extends { readonly orderId: string }>(items: readonly T[]): Map<string, T[]> {
  return Map.groupBy(items, ({ orderId }) => keyOfOrder(orderId))
}
