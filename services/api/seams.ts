import type { Redis } from 'ioredis'

import type { Database, Queryable, Transaction } from '#services/lib/database.ts'
import type { PaymentMethod } from '#services/lib/payments-client.ts'
import type { LibSeams } from '#services/lib/seams.ts'

import type { Answer, Order, OrderRequest } from './orders/order.ts'
import type { Product } from './products/product.ts'

/** Places an order. When it answers 201, a worker is going to charge the order, whatever fails from now on. */
export type PlaceOrder = (request: OrderRequest, shop: OrderDesk) => Promise<Answer>

export interface OrderDesk {
  /**
   * In one transaction: claims the key, calls `write`, takes the stock, commits. `write` is not called for a key that was
   * answered before. Rejects if nothing was kept, or if nobody knows.
   */
  sell(request: OrderRequest, write: WriteOrder): Promise<Sale>
  /** Inserts the order. */
  save(transaction: Transaction, order: Order): Promise<void>
  /** What a transaction wants to tell the worker. A relay in the worker moves it to the queue after the commit. */
  readonly outbox: { write(transaction: Transaction, order: Order): Promise<void> }
  /** The queue itself, in Redis. */
  readonly queue: { enqueue(order: Order): Promise<void> }
}

export type WriteOrder = (transaction: Transaction, order: Order) => Promise<void>

export interface Sale {
  readonly answer: Answer
  /** The order, if this call has made it: absent when it was sold out, and for a key that was answered before. */
  readonly order?: Order
}

/** Takes stock and lets the order be made with it: both or neither. Owns the transaction. */
export type ReserveStock = <T>(
  wanted: { readonly sku: string; readonly quantity: number },
  database: Database,
  /** Makes the order and calls `take` when it is time to. May run again, if the transaction does. */
  makeOrder: (transaction: Transaction, take: TakeStock) => Promise<T>,
) => Promise<T>

/** False: there is not enough, and nothing was taken. */
export type TakeStock = () => Promise<boolean>

/**
 * Claims a key for an answer, inside the transaction that makes the answer true. Resolves to undefined if the key is ours
 * now, and to the earlier answer if the same request was answered before. Throws a Refusal when the key was used for
 * another request, or is being worked on right now.
 */
export type ClaimKey = (claim: Claim, transaction: Transaction) => Promise<Answer | undefined>

export interface Claim {
  readonly key: string
  readonly requestHash: string
  readonly answer: Answer
}

/** Says what an order would cost and how it could be paid. */
export type QuoteOrder = (request: QuoteRequest, shop: QuoteDesk) => Promise<Quote>

export interface QuoteRequest {
  readonly sku: string
  readonly quantity: number
}

export interface QuoteDesk {
  readonly database: Database
  /** Rejects with a Refusal if there is no such product. */
  findProduct(database: Queryable, sku: string): Promise<Product>
  /** Asks payments, as patiently as `ask-payments` is. Rejects when it gives up. */
  askForMethods(amountCents: number): Promise<readonly PaymentMethod[]>
  /** What we offer without asking anybody. */
  readonly ownMethods: readonly PaymentMethod[]
}

export interface Quote {
  readonly sku: string
  readonly quantity: number
  readonly amountCents: number
  readonly paymentMethods: readonly PaymentMethod[]
  /** False if payments could not be asked: there may be more ways to pay. */
  readonly complete: boolean
}

/** Makes the function through which every question to payments goes: how often, how long and whether at all. */
export type AskPayments = (limits: AskLimits, tools: AskTools) => <T>(ask: Ask<T>) => Promise<T>

/** Asks once; the signal ends it. */
export type Ask<T> = (signal: AbortSignal) => Promise<T>

export interface AskLimits {
  readonly attemptsMax: number
  readonly attemptTimeoutMs: number
  /** Of all attempts and the waits between them. */
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

/** Makes the function that reads one product: from the cache, or from the database and into the cache. */
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
  /** To be told when the cache did not work, for the metrics. */
  readonly cacheFailed: (error: unknown) => void
}

/** Makes the door that orders come through: how many at once, how many wait, and for how long. */
export type Admission = (limits: AdmissionLimits) => Door

export interface AdmissionLimits {
  readonly runningMax: number
  readonly waitingMax: number
  readonly waitMaxMs: number
}

export interface Door {
  /** Does the work when there is room for it. Throws a Refusal, definite and with Retry-After, before any of it is done. */
  enter<T>(work: () => Promise<T>): Promise<T>
  readonly running: number
  readonly waiting: number
}

/** What /health/live says. Whoever asks restarts the instance when the answer is no. */
export type Liveness = (instance: {
  readonly database: Database
  readonly redis: Redis
}) => Promise<boolean>

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
}
