export type OrderStatus =
  | 'placed'
  | 'charging'
  | 'paid'
  | 'rejected'
  | 'sold-out'
  | 'refunded'
  | 'parked'

export const finalStatuses: ReadonlySet<OrderStatus> = new Set([
  'paid',
  'rejected',
  'sold-out',
  'refunded',
  'parked',
])

/** What can happen to a charge, in this sequence. */
export const paymentStates = ['captured', 'settled', 'refunded'] as const

export type PaymentState = (typeof paymentStates)[number]

export interface OrderRow {
  readonly id: string
  readonly clientKey: string
  readonly customer: string
  readonly sku: string
  readonly quantity: number
  readonly amountCents: number
  readonly status: OrderStatus
  /** The latest event of its charge that the shop recorded: `settled`. Null: none. */
  readonly paymentState: PaymentState | null
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
}

export interface OrderEventRow {
  readonly orderId: string
  readonly status: OrderStatus
  readonly instance: string
  readonly at: string
  /** When the status became visible to others. `at`, if the store does not record that. */
  readonly committedAt: string
}

export interface ProductRow {
  readonly sku: string
  readonly priceCents: number
  readonly priceFence: number
  readonly stock: number
  readonly initialStock: number
}

/** A price that an instance wrote. */
export interface PriceEventRow {
  readonly sku: string
  readonly priceCents: number
  /** Edition of the price list from which the price comes. A later list has a higher edition. */
  readonly edition: number
  readonly instance: string
  readonly at: string
  /** The price before this one. */
  readonly previousCents: number
  /** When the price became visible to others. `at`, if the store does not record that. */
  readonly committedAt: string
}

/** A change of a product's stock. */
export interface StockEventRow {
  readonly sku: string
  readonly stock: number
  readonly previousStock: number
  readonly at: string
  /** When the stock became visible to others. `at`, if the store does not record that. */
  readonly committedAt: string
}

/** A payment method that payments offers for an amount. */
export interface PaymentMethodOffer {
  readonly method: string
  readonly feeCents: number
}

export interface LedgerTransaction {
  readonly id: number
  readonly orderId: string
  readonly kind: 'charge' | 'refund' | 'correction'
  readonly chargeId: string | null
  readonly at: string
  readonly entries: readonly { readonly account: string; readonly amountCents: number }[]
}

/** An entry in payments' books. */
export interface Charge {
  readonly id: string
  readonly orderId: string
  readonly idempotencyKey: string
  readonly amountCents: number
  readonly status: 'captured' | 'declined'
  readonly refundedCents: number
  readonly at: string
}

/** A charge request that reached payments, whether it led to a charge, a replay or a refusal. */
export interface ChargeRequest {
  readonly orderId: string
  readonly idempotencyKey: string
  readonly outcome: 'charged' | 'declined' | 'replayed' | 'conflict' | 'overloaded' | 'unavailable'
  readonly at: string
}

/** Something that happened to a charge, in payments' books. */
export interface PaymentEvent {
  readonly id: string
  readonly type: `charge.${PaymentState}`
  readonly chargeId: string
  readonly orderId: string
  readonly amountCents: number
  /** Position among the events of the charge, from 1. */
  readonly sequence: number
  readonly at: string
  /** Callbacks that payments sent about it. */
  readonly attempts: number
  /** When the shop acknowledged a callback. Null: it did not, or not yet. */
  readonly deliveredAt: string | null
  /** Payments sends no further callback. */
  readonly closed: boolean
}

/** An event of payments that the shop recorded. */
export interface ReceivedEventRow {
  readonly id: string
  readonly orderId: string
  readonly sequence: number
  readonly instance: string
  readonly at: string
}

/** A payment state that an order had. */
export interface PaymentStateRow {
  readonly orderId: string
  readonly state: PaymentState | null
  readonly instance: string
  readonly at: string
}

export interface OutboxRow {
  readonly id: number
  readonly orderId: string
  readonly publishedAt: string | null
  /** The message as it was written; its form depends on the version of the shop that wrote it. */
  readonly payload: unknown
}

/** A migration that a worker has begun, and what it has changed in the table `orders`. */
export interface MigrationTruth {
  readonly name: string
  readonly column: string
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly failedAt: string | null
  readonly error: string | null
  /** The default of the column; null if it has none, or if there is no column. */
  readonly default: string | null
  /** The index on the column alone. */
  readonly index: 'none' | 'invalid' | 'valid'
  /** What the column contains, by the order's id. Null: nothing, or there is no column. */
  readonly channels: Readonly<Record<string, string | null>>
}

export interface QueueSnapshot {
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly prioritized: number
  readonly failed: number
  readonly completed: number
  /** Order ids of the jobs that are not finished. */
  readonly unfinishedOrderIds: readonly string[]
}

/** A snapshot of every source of truth, read directly and never through a link. */
export interface Truth {
  readonly takenAt: string
  readonly orders: readonly OrderRow[]
  readonly orderEvents: readonly OrderEventRow[]
  readonly products: readonly ProductRow[]
  /** In the order in which they were written. Empty if no price changed. */
  readonly priceEvents: readonly PriceEventRow[]
  /** In the order in which they were written. */
  readonly stockEvents: readonly StockEventRow[]
  /** What payments offers for each amount in cents that the reader was asked about. */
  readonly paymentMethods: Readonly<Record<string, readonly PaymentMethodOffer[]>>
  readonly ledger: readonly LedgerTransaction[]
  readonly charges: readonly Charge[]
  readonly chargeRequests: readonly ChargeRequest[]
  /** In the sequence in which they happened. Empty if payments does not call back. */
  readonly paymentEvents: readonly PaymentEvent[]
  /** In the sequence in which they were recorded. */
  readonly receivedEvents: readonly ReceivedEventRow[]
  /** In the sequence in which they were written. */
  readonly paymentStates: readonly PaymentStateRow[]
  readonly outbox: readonly OutboxRow[]
  /** Absent if no worker has begun one. */
  readonly migrations?: readonly MigrationTruth[]
  readonly queue: QueueSnapshot
}

/** The figures of {@link Truth} that are read every second. A type alias, because only that is also a `TruthCounters`. */
export type ShopCounters = {
  readonly orders: number
  readonly paid: number
  readonly unfinished: number
  readonly charged: number
  readonly ledgerCharges: number
  readonly queueWaiting: number
  readonly queueActive: number
  readonly queueDelayed: number
  readonly outboxWaiting: number
  /** Events of payments that happened or are planned, and that the shop has not recorded. */
  readonly eventsMissing: number
  readonly migrationsRunning: number
}

export type TruthSource = 'Postgres' | 'Redis' | 'payments'
