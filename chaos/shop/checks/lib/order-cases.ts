import { allOperations } from '#chaos/checks/lib/all-operations.ts'

import type { ShopRun } from '../../evidence.ts'
import type { ShopOperation } from '../../operation.ts'
import type {
  Charge,
  ChargeRequest,
  LedgerTransaction,
  OrderEventRow,
  OrderRow,
  OutboxRow,
  PaymentEvent,
  PaymentStateRow,
  ReceivedEventRow,
} from '../../truth/truth.ts'

/** What every source of truth says about one Idempotency-Key. */
export interface OrderCase {
  readonly key: string
  /** Submissions by the workload's client, in time order. Empty if another client placed the order. */
  readonly operations: readonly ShopOperation[]
  /** At least one submission succeeded. */
  readonly acknowledged: boolean
  /** Every submission failed definitely: none had an effect. */
  readonly refused: boolean
  /** The distinct order ids that the client received. */
  readonly acknowledgedIds: readonly string[]
  readonly rows: readonly OrderRow[]
  readonly events: readonly OrderEventRow[]
  readonly charges: readonly Charge[]
  readonly chargeRequests: readonly ChargeRequest[]
  readonly ledger: readonly LedgerTransaction[]
  /** What payments' books say about its charge, in the sequence in which it happened. */
  readonly paymentEvents: readonly PaymentEvent[]
  /** The events that the shop has recorded, in the sequence in which it did. */
  readonly receivedEvents: readonly ReceivedEventRow[]
  /** The payment states that it had. */
  readonly paymentStates: readonly PaymentStateRow[]
  /** Order ids with an unfinished job in the queue. */
  readonly unfinishedJobs: readonly string[]
  /** The order's rows in the outbox: messages that the queue received or will receive. */
  readonly messages: readonly OutboxRow[]
  /** Order ids with an unpublished outbox row. */
  readonly outboxWaiting: readonly string[]
}

/** All order cases of a run. Those of the client's history come first, in time order. */
export function orderCases(evidence: ShopRun): readonly OrderCase[] {
  const { truth } = evidence
  const submissions = allOperations(evidence).filter(({ kind }) => kind === 'place-order')
  const operations = Map.groupBy(submissions, ({ key }) => key ?? '')
  const rows = Map.groupBy(truth.orders, (row) => row.clientKey)
  const events = byKey(truth.orderEvents)
  const charges = byKey(truth.charges)
  const chargeRequests = byKey(truth.chargeRequests)
  const ledger = byKey(truth.ledger)
  const paymentEvents = byKey(truth.paymentEvents)
  const receivedEvents = byKey(truth.receivedEvents)
  const paymentStates = byKey(truth.paymentStates)
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
      paymentEvents: paymentEvents.get(key) ?? [],
      receivedEvents: receivedEvents.get(key) ?? [],
      paymentStates: paymentStates.get(key) ?? [],
      unfinishedJobs: jobs.get(key) ?? [],
      messages: outbox.get(key) ?? [],
      outboxWaiting: (outbox.get(key) ?? [])
        .filter(({ publishedAt }) => publishedAt === null)
        .map(({ orderId }) => orderId),
    }
  })
}

/** The client key in an order id. An order id is the client key, a dot and a few random characters. */
export function keyOfOrder(orderId: string): string {
  const dot = orderId.lastIndexOf('.')
  return dot === -1 ? orderId : orderId.slice(0, dot)
}

/** The id in a check result: the order id that the client received, else the stored order id, else the key. */
export function orderName(order: OrderCase): string {
  return order.acknowledgedIds[0] ?? order.rows[0]?.id ?? order.charges[0]?.orderId ?? order.key
}

function byKey<T extends { readonly orderId: string }>(items: readonly T[]): Map<string, T[]> {
  return Map.groupBy(items, ({ orderId }) => keyOfOrder(orderId))
}

/** Whether a message of the order has this version. */
export function hasVersion({ messages }: OrderCase, version: number): boolean {
  return messages.some(
    ({ payload }) => (payload as { readonly version?: unknown } | null)?.version === version,
  )
}
