import type { Redis } from 'ioredis'

import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'
import type { Database, Queryable, Transaction } from '#services/lib/database.ts'
import type { PaymentMethod } from '#services/lib/payments-client.ts'
import type { LibSeams } from '#services/lib/seams.ts'
import type { Log } from '#services/lib/start/log.ts'

import type { OrderView } from './orders/find-order.ts'
import type { Answer, Order, OrderRequest } from './orders/order.ts'
import type { Product } from './products/product.ts'

/** Places an order. After a 201 a worker will charge the order, whatever fails from then on. */
export type PlaceOrder = (request: OrderRequest, shop: OrderDesk) => Promise<Answer>

export interface OrderDesk {
  /**
   * In one transaction: claims the key, calls `write`, takes the stock, commits. Does not call
   * `write` for a key that already has a response. Rejects if nothing was stored, or if the outcome
   * is unknown.
   */
  sell(request: OrderRequest, write: WriteOrder): Promise<Sale>
  /** Inserts the order. */
  save(transaction: Transaction, order: Order): Promise<void>
  /**
   * Messages from a transaction to the worker. A relay in the worker moves them to the queue after
   * the commit.
   */
  readonly outbox: { write(transaction: Transaction, order: Order): Promise<void> }
  /** The queue itself, in Redis. */
  readonly queue: { enqueue(order: Order): Promise<void> }
}

export type WriteOrder = (transaction: Transaction, order: Order) => Promise<void>

export interface Sale {
  readonly answer: Answer
  /**
   * The order, if this call placed it. Absent when the product is sold out, and for a key that
   * already has a response.
   */
  readonly order?: Order
}

/**
 * Commits the transaction that has placed an order, or that has found the response of an earlier request with the same key.
 * When it resolves, the client receives a 201. A rejection after the COMMIT was sent becomes a 503 that is not definite, and
 * the client sends the same order again.
 */
export type CommitOrder = (transaction: OrderTransaction, desk: CommitDesk) => Promise<void>

export interface OrderTransaction {
  /** Runs a statement inside the transaction. */
  readonly query: Transaction['query']
  /**
   * Sends the COMMIT and waits for the reply. Rejects if the server rejects it, if the connection ends, or if no reply arrives
   * within `DATABASE_QUERY_TIMEOUT_MS`.
   */
  commit(): Promise<void>
}

export interface CommitDesk {
  /** Other connections to the server of the transaction. */
  readonly primary: Database
  /** A streaming replica, which becomes the primary in a failover. Undefined: the shop runs without one. */
  readonly replica: Database | undefined
  readonly log: Log
}

/** Takes stock and lets the order be placed with it: both or neither. Owns the transaction. */
export type ReserveStock = <T>(
  wanted: { readonly sku: string; readonly quantity: number },
  database: Database,
  /**
   * Places the order and calls `take` when the stock must be taken. Runs again if the transaction
   * is retried.
   */
  makeOrder: (transaction: Transaction, take: TakeStock) => Promise<T>,
) => Promise<T>

/** False: there is not enough stock, and nothing was taken. */
export type TakeStock = () => Promise<boolean>

/**
 * Claims a key for a response, inside the transaction that makes the response true. Resolves to
 * undefined if this request now owns the key, and to the stored response if the same request
 * already has one. Throws a Refusal if the key was used for another request, or if another request
 * with the key is in progress.
 */
export type ClaimKey = (claim: Claim, transaction: Transaction) => Promise<Answer | undefined>

export interface Claim {
  readonly key: string
  readonly requestHash: string
  readonly answer: Answer
}

/** Returns what an order would cost and which payment methods are available. */
export type QuoteOrder = (request: QuoteRequest, shop: QuoteDesk) => Promise<Quote>

export interface QuoteRequest {
  readonly sku: string
  readonly quantity: number
}

export interface QuoteDesk {
  readonly database: Database
  /** Rejects with a Refusal if the product does not exist. */
  findProduct(database: Queryable, sku: string): Promise<Product>
  /**
   * Requests the payment methods from payments, with the retries of `ask-payments`. Rejects when it
   * gives up.
   */
  askForMethods(amountCents: number): Promise<readonly PaymentMethod[]>
  /** The payment methods that the shop offers without a call to payments. */
  readonly ownMethods: readonly PaymentMethod[]
}

export interface Quote {
  readonly sku: string
  readonly quantity: number
  readonly amountCents: number
  readonly paymentMethods: readonly PaymentMethod[]
  /** False if payments did not respond: there may be more payment methods. */
  readonly complete: boolean
}

/**
 * Creates the function that makes every call to payments. It decides how often, how long and
 * whether to call.
 */
export type AskPayments = (limits: AskLimits, tools: AskTools) => <T>(ask: Ask<T>) => Promise<T>

/** One attempt. The signal aborts it. */
export type Ask<T> = (signal: AbortSignal) => Promise<T>

export interface AskLimits {
  readonly attemptsMax: number
  readonly attemptTimeoutMs: number
  /** Limit for all attempts and the waits between them together. */
  readonly deadlineMs: number
  readonly backoffMs: number
  readonly backoffMaxMs: number
}

export interface AskTools {
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  /** Uniform in [0, 1). */
  readonly random: () => number
}

/**
 * Creates the function that reads one product: from the cache, or from the database and then into
 * the cache.
 */
export type ReadProduct = (
  shop: ProductShelf,
) => (sku: string, how: { readonly fresh: boolean }) => Promise<Product | undefined>

export interface ProductShelf {
  readonly cache: {
    get(sku: string): Promise<Product | undefined>
    put(product: Product): Promise<void>
  }
  /** Reads the database. */
  readonly load: (sku: string) => Promise<Product | undefined>
  /** Called when the cache failed, for the metrics. It returns undefined, so `cache.get(sku).catch(cacheFailed)` is a miss. */
  readonly cacheFailed: (error: unknown) => undefined
}

/**
 * Creates the admission control for orders: how many run at once, how many wait, and for how long.
 */
export type Admission = (limits: AdmissionLimits) => Door

export interface AdmissionLimits {
  readonly runningMax: number
  readonly waitingMax: number
  readonly waitMaxMs: number
}

export interface Door {
  /**
   * Runs the work when there is room for it. Before any work is done, it may throw a Refusal that
   * is definite and has a Retry-After.
   */
  enter<T>(work: () => Promise<T>): Promise<T>
  readonly running: number
  readonly waiting: number
}

/** Decides the response of /health/live. A supervisor restarts the instance when it is false. */
export type Liveness = (instance: {
  readonly database: Database
  readonly redis: Redis
}) => Promise<boolean>

/**
 * Receives an event about a charge. Its signature is valid. Resolving acknowledges the event:
 * payments then never sends it again. After a rejection, or without a response within a second,
 * payments sends it again later. One event may arrive several times, at the same time too, and after
 * a later event of its charge.
 */
export type ReceivePaymentEvent = (event: PaymentEvent, desk: PaymentEventDesk) => Promise<void>

export interface PaymentEventDesk {
  readonly database: Database
  /**
   * Writes the refund to the ledger, in this transaction. Each call writes it: it does not look
   * whether the ledger has it already.
   */
  writeRefund(transaction: Transaction, event: PaymentEvent): Promise<void>
  /**
   * Every event of the charge that has happened, in the sequence in which they happened, from
   * payments' own list. Rejects with a PaymentsError.
   */
  eventsOf(chargeId: string): Promise<readonly PaymentEvent[]>
  readonly log: Log
}

/**
 * Reads one order for its customer: from the replica where that is new enough, else from the primary. Rejects with the
 * Refusal `unknown-order` if the order does not exist. Any other error becomes a 503 or 500.
 */
export type ReadOrder = (read: OrderRead, desk: OrderReadDesk) => Promise<OrderReading>

export interface OrderRead {
  readonly orderId: string
  /**
   * What the client received as `x-position` with the last response about this order. After `POST /orders` this is the
   * position of the primary's write-ahead log after the COMMIT, such as `0/3000148`. After a read it is what this seam
   * returned. Clients do not change it, but any text can arrive. Undefined: the client has none.
   */
  readonly position: string | undefined
}

export interface OrderReadDesk {
  readonly primary: Database
  /** A streaming replica of the primary. Undefined: the shop runs without one. */
  readonly replica: Database | undefined
  readonly log: Log
}

export interface OrderReading {
  readonly order: OrderView
  /**
   * The client sends it with its next request about this order. At most 200 visible ASCII characters. Absent: the client
   * keeps what it has.
   */
  readonly position?: string
}

/** Seams of the API, by name. */
export interface ApiSeams extends LibSeams {
  readonly 'place-order': PlaceOrder
  readonly 'reserve-stock': ReserveStock
  readonly 'claim-key': ClaimKey
  readonly 'quote-order': QuoteOrder
  readonly 'ask-payments': AskPayments
  readonly 'read-product': ReadProduct
  readonly admission: Admission
  readonly liveness: Liveness
  readonly 'receive-payment-event': ReceivePaymentEvent
  readonly 'read-order': ReadOrder
  readonly 'commit-order': CommitOrder
}
