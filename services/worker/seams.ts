import type { Redis } from 'ioredis'
import type { Client } from 'pg'

import type { Database } from '#services/lib/database.ts'
import type { OrderQueue } from '#services/lib/order-queue.ts'
import type { Charge, ChargeRequest, PaymentsClient } from '#services/lib/payments-client.ts'
import type { PaymentsAnswer } from '#services/lib/payments/connection.ts'
import type { LibSeams, WriteOrderMessage } from '#services/lib/seams.ts'
import type { Log } from '#services/lib/start/log.ts'

import type { LabelPrinter } from './orders/label-printer.ts'
import type { WorkerOrder } from './orders/worker-order.ts'
import type { PriceList } from './prices/price-list.ts'

/** Reads a message about an order, whichever version of the API wrote it. */
export type ReadOrderMessage = (message: unknown) => MessageReading

/** `unreadable` gives the reason, for the operator who handles the order. */
export type MessageReading =
  | { readonly orderId: string; readonly amountCents: number }
  | { readonly unreadable: string }

/** Returns how suspicious an order is: 0 not at all, 1 very. */
export type AssessRisk = (order: Pick<WorkerOrder, 'id' | 'lines'>) => Promise<number>

/**
 * Prints the parcel's label. An order whose label can never be printed is parked before its customer
 * is charged. Rejects after any other error; the queue then retries the job.
 */
export type PrintLabel = (
  order: Pick<WorkerOrder, 'id' | 'customer' | 'note'>,
  desk: LabelDesk,
) => Promise<'printed' | 'parked'>

export interface LabelDesk {
  readonly printer: LabelPrinter
  /** Sets the order aside for an operator. */
  readonly park: (orderId: string, reason: string) => Promise<void>
}

/**
 * Charges an order. Resolves when payments has confirmed or declined the charge. Rejects when the
 * outcome is unknown; the queue then retries the job.
 */
export type ChargeOrder = (
  request: ChargeRequest,
  payments: Pick<PaymentsClient, 'charge' | 'findCharge'>,
) => Promise<ChargeOutcome>

export type ChargeOutcome =
  | { readonly status: 'captured'; readonly chargeId: string }
  | { readonly status: 'declined' }

/**
 * Reads what arrived in response to a charge request: the status, the headers, and the body as parsed
 * JSON or as text. Returns the charge, captured or declined, of exactly this request: its order, its
 * amount in cents and its key. Throws {@link PaymentsError} for anything else: `refused` (or
 * `overloaded`) if payments itself refused the request, `noAnswer` if the outcome is unknown. Then
 * `charge-order` decides what happens next.
 */
export type ReadCharge = (answer: PaymentsAnswer, request: ChargeRequest) => Charge

/**
 * Writes a captured charge into the shop's books and marks the order paid. Every message is
 * delivered at least once.
 */
export type RecordPayment = (payment: Payment, database: Database) => Promise<void>

export interface Payment {
  /** The same for every delivery of one message. */
  readonly messageId: string
  readonly orderId: string
  readonly chargeId: string
  readonly amountCents: number
}

/** One round of the reconciler: find orders that are stuck, and complete or enqueue them. */
export type Reconcile = (desk: ReconcileDesk) => Promise<void>

export interface ReconcileDesk {
  readonly database: Database
  /** How long an order may stay unchanged before it counts as stuck. */
  readonly afterMs: number
  /** The charge that payments' books contain for this order. */
  findCharge(orderId: string): Promise<Charge | undefined>
  /** Applies the result of the charge to the order: paid or rejected. */
  settle(charge: Charge): Promise<void>
  readonly queue: Pick<OrderQueue, 'enqueue'>
  readonly writeOrderMessage: WriteOrderMessage
  readonly log: Log
}

/**
 * One round of publishing the price list. Every worker tries; one of them at a time may publish.
 */
export type PublishPrices = (desk: PriceDesk) => Promise<'published' | 'not-our-turn' | 'too-late'>

export interface PriceDesk {
  readonly redis: Redis
  readonly database: Database
  readonly lockMs: number
  /** The current list. A later list has a higher edition. */
  readonly readPriceList: () => Promise<PriceList>
}

/**
 * Brings the table `orders` of the open shop to its next version. Resolves when all of this is true:
 *
 * - `orders` has the column, a text. Every new order has `'web'` in it, although the API does not
 *   name the column.
 * - Every order from before has `channel_of(customer)` in it.
 * - The index on the column is valid.
 *
 * Rejects when it gives up; then only the next start of the worker tries again. After a lost
 * connection or a restart of the worker it is called again, whatever it had already done.
 */
export type Migrate = (desk: MigrationDesk) => Promise<void>

export interface MigrationDesk {
  /** Name of the new column of `orders`: `channel`, for another migration `channel_2`. */
  readonly column: string
  /** Name of its index: `orders_channel`. */
  readonly index: string
  /**
   * Opens a connection for the migration, outside of the pool. It has no timeout for statements and
   * locks. The worker ends it when the migration has ended.
   */
  readonly connect: () => Promise<MigrationConnection>
  /** Waits. Rejects when the worker shuts down. */
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly log: Log
}

/** One session: `SET` and transactions belong to it. */
export type MigrationConnection = Pick<Client, 'query' | 'end'>

/** Seams of the worker, by name. */
export interface WorkerSeams extends LibSeams {
  readonly 'read-order-message': ReadOrderMessage
  readonly 'assess-risk': AssessRisk
  readonly 'print-label': PrintLabel
  readonly 'charge-order': ChargeOrder
  readonly 'read-charge': ReadCharge
  readonly 'record-payment': RecordPayment
  readonly reconcile: Reconcile
  readonly 'publish-prices': PublishPrices
  readonly migrate: Migrate
}
