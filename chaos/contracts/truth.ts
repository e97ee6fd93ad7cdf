/** One typed snapshot of every source of truth, read directly and never through a link. Made by `chaos/truth`. */

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

export interface OrderRow {
  readonly id: string
  readonly clientKey: string
  readonly customer: string
  readonly sku: string
  readonly quantity: number
  readonly amountCents: number
  readonly status: OrderStatus
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
}

export interface OrderEventRow {
  readonly orderId: string
  readonly status: OrderStatus
  readonly instance: string
  readonly at: string
}

export interface ProductRow {
  readonly sku: string
  readonly priceCents: number
  readonly priceFence: number
  readonly stock: number
  readonly initialStock: number
}

/** A price that was written, by whomever; all of them in the order in which they were written. */
export interface PriceEventRow {
  readonly sku: string
  readonly priceCents: number
  /** Edition of the price list that the price is from: a later list has a higher one. */
  readonly edition: number
  readonly instance: string
  readonly at: string
}

export interface LedgerTransaction {
  readonly id: number
  readonly orderId: string
  readonly kind: 'charge' | 'refund'
  readonly chargeId: string | null
  readonly at: string
  readonly entries: readonly { readonly account: string; readonly amountCents: number }[]
}

/** A line of payments' own books. */
export interface Charge {
  readonly id: string
  readonly orderId: string
  readonly idempotencyKey: string
  readonly amountCents: number
  readonly status: 'captured' | 'declined'
  readonly refundedCents: number
  readonly at: string
}

/** Every charge request that reached payments, whether it led to a charge, a replay or a refusal. */
export interface ChargeRequest {
  readonly orderId: string
  readonly idempotencyKey: string
  readonly outcome: 'charged' | 'declined' | 'replayed' | 'conflict' | 'overloaded' | 'unavailable'
  readonly at: string
}

export interface OutboxRow {
  readonly id: number
  readonly orderId: string
  readonly publishedAt: string | null
  /** The message as it was written, whatever version of the shop wrote it. */
  readonly payload: unknown
}

export interface QueueSnapshot {
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly prioritized: number
  readonly failed: number
  readonly completed: number
  /** Order ids of jobs that are still to be done. */
  readonly unfinishedOrderIds: readonly string[]
}

export interface Truth {
  readonly takenAt: string
  readonly orders: readonly OrderRow[]
  readonly orderEvents: readonly OrderEventRow[]
  readonly products: readonly ProductRow[]
  /** Empty unless a scenario lets price lists be published. */
  readonly priceEvents: readonly PriceEventRow[]
  readonly ledger: readonly LedgerTransaction[]
  readonly charges: readonly Charge[]
  readonly chargeRequests: readonly ChargeRequest[]
  readonly outbox: readonly OutboxRow[]
  readonly queue: QueueSnapshot
}

export interface TruthReader extends AsyncDisposable {
  /** Reads everything. Throws when a source cannot be read: no snapshot is better than half of one. */
  read(signal?: AbortSignal): Promise<Truth>
  /** Cheap figures for the live view: they must agree when the shop is quiet. */
  counters(signal?: AbortSignal): Promise<TruthCounters>
}

export interface TruthCounters {
  readonly orders: number
  readonly paid: number
  readonly unfinished: number
  readonly charged: number
  readonly ledgerCharges: number
  readonly queueWaiting: number
  readonly queueActive: number
  readonly queueDelayed: number
  readonly outboxWaiting: number
}
