import type { Outcome } from '#chaos/contracts/history.ts'

import { assess } from '../assess.ts'
import type { ShopEvidence, ShopRun } from '../evidence.ts'
import type { ShopOperation, ShopOperationKind } from '../operation.ts'
import type {
  Charge,
  ChargeRequest,
  LedgerTransaction,
  OrderRow,
  OrderStatus,
  OutboxRow,
  PaymentEvent,
  PaymentStateRow,
  PriceEventRow,
  ReceivedEventRow,
  Truth,
} from '../truth/truth.ts'

/** What the sources of truth say about one order. For tests. */
export interface OrderFacts {
  readonly operations: readonly ShopOperation[]
  readonly rows: readonly OrderRow[]
  /** Recorded statuses, oldest first. */
  readonly trail: readonly OrderStatus[]
  readonly charges: readonly Charge[]
  readonly chargeRequests: readonly ChargeRequest[]
  readonly ledger: readonly LedgerTransaction[]
  readonly outbox: readonly OutboxRow[]
  readonly paymentEvents: readonly PaymentEvent[]
  readonly receivedEvents: readonly ReceivedEventRow[]
  readonly paymentStates: readonly PaymentStateRow[]
  readonly job: boolean
}

export const startedAt = '2026-01-05T10:00:00.000Z'

/** ISO 8601 time, this many milliseconds after the workload began. */
export function at(ms: number): string {
  return new Date(Date.parse(startedAt) + ms).toISOString()
}

export function testKey(number: number): string {
  return `o-7f-${String(number).padStart(6, '0')}`
}

/** A paid order for two teas. `over` replaces facts. */
export function paidOrder(number: number, over: Partial<OrderFacts> = {}): OrderFacts {
  return {
    operations: [orderOperation(number)],
    rows: [orderRow(number)],
    trail: ['placed', 'charging', 'paid'],
    charges: [charge(number)],
    chargeRequests: [chargeRequest(number)],
    ledger: [ledgerCharge(number)],
    outbox: [],
    paymentEvents: [],
    receivedEvents: [],
    paymentStates: [],
    job: false,
    ...over,
  }
}

export function orderOperation(number: number, over: Partial<ShopOperation> = {}): ShopOperation {
  const startMs = number * 10
  const time = { instance: 'api-1', startMs, endMs: startMs + 8 }
  return {
    id: number,
    kind: 'place-order',
    key: testKey(number),
    orderId: `${testKey(number)}.ab12`,
    sku: 'tea',
    quantity: 2,
    amountCents: 900,
    outcome: 'ok',
    answer: 'placed',
    startMs,
    endMs: startMs + 8,
    attempts: [{ ...time, status: 201, answerHash: 'a' }],
    tags: [],
    ...over,
  }
}

/** A submission that failed definitely, or whose result is unknown. */
export function failedSubmission(number: number, outcome: 'fail' | 'unknown'): ShopOperation {
  const { orderId: _id, amountCents: _amount, ...rest } = orderOperation(number)
  const time = { instance: 'api-1', startMs: rest.startMs, endMs: rest.endMs }
  const attempt =
    outcome === 'fail'
      ? { ...time, status: 503, code: 'overloaded', definite: true }
      : { ...time, error: 'timeout', sent: true }
  return {
    ...rest,
    outcome,
    answer: outcome === 'fail' ? 'overloaded' : 'timeout',
    attempts: [attempt],
  }
}

/** An operation that places no order. */
export function readOperation(
  id: number,
  kind: Exclude<ShopOperationKind, 'place-order'>,
  over: { ms?: number; outcome?: Outcome; startMs?: number } = {},
): ShopOperation {
  const { ms = 5, outcome = 'ok', startMs = id * 10 } = over
  const endMs = startMs + ms
  const time = { instance: 'api-1', startMs, endMs }
  const attempt = outcome === 'ok' ? { ...time, status: 200 } : { ...time, error: 'timeout' }
  return { id, kind, sku: 'tea', outcome, startMs, endMs, attempts: [attempt], tags: [] }
}

export function orderRow(number: number, over: Partial<OrderRow> = {}): OrderRow {
  return {
    id: `${testKey(number)}.ab12`,
    clientKey: testKey(number),
    customer: 'customer-01',
    sku: 'tea',
    quantity: 2,
    amountCents: 900,
    status: 'paid',
    paymentState: null,
    version: 3,
    createdAt: at(number * 10 + 4),
    updatedAt: at(number * 10 + 60),
    ...over,
  }
}

export function charge(number: number, over: Partial<Charge> = {}): Charge {
  const orderId = `${testKey(number)}.ab12`
  return {
    id: `ch-${number}`,
    orderId,
    idempotencyKey: orderId,
    amountCents: 900,
    status: 'captured',
    refundedCents: 0,
    at: at(number * 10 + 40),
    ...over,
  }
}

export function chargeRequest(number: number, over: Partial<ChargeRequest> = {}): ChargeRequest {
  const orderId = `${testKey(number)}.ab12`
  return { orderId, idempotencyKey: orderId, outcome: 'charged', at: at(number * 10 + 39), ...over }
}

export function ledgerCharge(
  number: number,
  over: Partial<LedgerTransaction> = {},
): LedgerTransaction {
  return {
    id: number,
    orderId: `${testKey(number)}.ab12`,
    kind: 'charge',
    chargeId: `ch-${number}`,
    at: at(number * 10 + 60),
    entries: [
      { account: 'payments-receivable', amountCents: 900 },
      { account: 'sales', amountCents: -900 },
    ],
    ...over,
  }
}

/** Prices of tea from these editions of the price list. worker-1 writes one every 500 ms. */
export function priceEvents(editions: readonly number[]): readonly PriceEventRow[] {
  return editions.map((edition, i) => ({
    sku: 'tea',
    priceCents: 100 + edition,
    edition,
    previousCents: 100 + (editions[i - 1] ?? 0),
    instance: 'worker-1',
    at: at((i + 1) * 500),
    committedAt: at((i + 1) * 500),
  }))
}

/** Evidence of a run with these orders and faults from 1 s to 3 s. The shop is settled at the end. */
export function testEvidence(
  orders: readonly OrderFacts[],
  over: Omit<Partial<ShopRun>, 'truth'> & { readonly truth?: Partial<Truth> } = {},
): ShopEvidence {
  const sold = orders.flatMap(({ rows }) => rows).reduce((sum, row) => sum + row.quantity, 0)
  const product = { sku: 'tea', priceCents: 450, priceFence: 0, initialStock: 100 }
  const trails = orders.flatMap(({ trail, rows: [row], operations: [operation] }) =>
    trail.map((status, i) => ({
      orderId: row?.id ?? operation?.orderId ?? '',
      status,
      instance: i === 0 ? 'api-1' : 'worker-1',
      at: at((operation?.startMs ?? 0) + 5 + i * 20),
      committedAt: at((operation?.startMs ?? 0) + 5 + i * 20),
    })),
  )
  const jobs = orders.filter(({ job }) => job).flatMap(({ rows }) => rows.map(({ id }) => id))
  const truth: Truth = {
    takenAt: at(6_000),
    orders: orders.flatMap(({ rows }) => rows),
    orderEvents: trails,
    products: [{ ...product, stock: 100 - sold }],
    priceEvents: [],
    stockEvents: [],
    paymentMethods: {},
    ledger: orders.flatMap(({ ledger }) => ledger),
    charges: orders.flatMap(({ charges }) => charges),
    chargeRequests: orders.flatMap(({ chargeRequests }) => chargeRequests),
    paymentEvents: orders.flatMap(({ paymentEvents }) => paymentEvents),
    receivedEvents: orders.flatMap(({ receivedEvents }) => receivedEvents),
    paymentStates: orders.flatMap(({ paymentStates }) => paymentStates),
    migrations: [],
    outbox: orders.flatMap(({ outbox }) => outbox),
    queue: {
      waiting: jobs.length,
      active: 0,
      delayed: 0,
      prioritized: 0,
      failed: 0,
      completed: 0,
      unfinishedOrderIds: jobs,
    },
    ...over.truth,
  }
  const run: ShopRun = {
    operations: orders.flatMap(({ operations }) => operations),
    journal: [],
    zeroMs: 0,
    workloadStartedAt: startedAt,
    loadFromMs: 0,
    faultsFromMs: 1_000,
    faultsToMs: 3_000,
    steadyOperations: [],
    recoveredAfterMs: 400,
    durationMs: 4_000,
    environment: {},
    readAt: truth.takenAt,
    ...over,
    truth,
  }
  return { ...run, ...assess(run) }
}
