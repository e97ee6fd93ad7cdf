import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import { writeOrderMessage } from '#services/lib/seams/write-order-message.ts'
import { rejectOrder } from '#services/worker/orders/reject-order.ts'
import type { Reconcile, ReconcileDesk } from '#services/worker/seams.ts'
import { recordPayment } from '#services/worker/seams/record-payment.ts'

import type { ProbeTools } from '../contract-probe.ts'
import { createProcess, limits, throwUnknown } from './fake-process.ts'
import type { FakeProcess, Intercept } from './fake-process.ts'
import { silentLog } from './silent-log.ts'
import { Session } from './sql/session.ts'
import { Store } from './sql/store.ts'

export interface ConfirmedOrder {
  readonly id: string
  readonly status: 'placed' | 'charging'
  /** What payments' books say about it. */
  readonly books: 'nothing' | 'captured' | 'declined'
  /** How often Redis loses it after it was enqueued again. */
  readonly losses?: number
  /** How long it has not changed. */
  readonly ageMs?: number
  /** No call for this order ever succeeds. */
  readonly alwaysFails?: boolean
}

export interface ReconcileShop {
  readonly store: Store
  /** Payments or Redis do not respond. */
  isAway: 'payments' | 'redis' | undefined
  /** These orders were confirmed, and Redis has lost them. */
  lose(orders: readonly ConfirmedOrder[]): Promise<void>
  /** The relay moves messages from the outbox to the queue, and a worker processes the jobs. */
  work(): Promise<void>
  /** Orders that are not final, without those that always fail. */
  readonly unfinished: readonly string[]
  /** What is wrong with an order now. */
  judge(): Breach | undefined
  deskOf(process: FakeProcess): ReconcileDesk
}

const afterMs = 2_500

/** The shop around the reconciler: books, queue, relay and a worker. */
class FakeShop implements ReconcileShop {
  readonly store = new Store()
  isAway: ReconcileShop['isAway']
  readonly #tools: Pick<ProbeTools<unknown>, 'sleep' | 'call'>
  readonly #owner: Session
  readonly #worker: FakeProcess
  readonly #orders = new Map<string, ConfirmedOrder>()
  readonly #charges = new Map<string, Charge>()
  readonly #jobs = new Set<string>()
  readonly #lost = new Map<string, number>()

  constructor(tools: Pick<ProbeTools<unknown>, 'sleep' | 'call'>) {
    this.#tools = tools
    this.#owner = new Session(this.store, tools, limits)
    this.#worker = createProcess(tools, this.store)
  }

  async start(): Promise<void> {
    await this.#run(
      `INSERT INTO products (sku, name, price_cents, stock, initial_stock) VALUES ('mug', 'Mug', 1200, 1000, 1000)`,
    )
  }

  async #run(sql: string, values: readonly unknown[] = []): Promise<void> {
    await this.#tools.call(async () => await this.#owner.run(sql, values), 5_000)
  }

  async lose(orders: readonly ConfirmedOrder[]): Promise<void> {
    for (const order of orders) {
      const { id, status, books, ageMs = 2 * afterMs } = order
      this.#orders.set(id, order)
      if (books !== 'nothing') this.#charge(id, books)
      await this.#run(
        `INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status, created_at, updated_at)
         VALUES ($1, $1, 'ann', 'mug', 1, 1200, $2, clock_timestamp() - $3 * interval '1 millisecond', clock_timestamp() - $3 * interval '1 millisecond')`,
        [id, status, ageMs],
      )
      await this.#run(
        `INSERT INTO outbox (topic, order_id, payload, created_at, published_at)
         VALUES ('orders', $1, $2, clock_timestamp() - $3 * interval '1 millisecond', clock_timestamp() - $3 * interval '1 millisecond')`,
        [id, writeOrderMessage({ id, amountCents: 1_200 }), ageMs],
      )
    }
  }

  #charge(orderId: string, status: Charge['status']): Charge {
    const id = `ch_${orderId}`
    const charge = { id, orderId, idempotencyKey: `charge:${orderId}`, amountCents: 1_200, status }
    this.#charges.set(orderId, charge)
    return charge
  }

  #fail(orderId: string, where: 'payments' | 'redis'): void {
    const isFailing = this.#orders.get(orderId)?.alwaysFails === true
    if (!isFailing && this.isAway !== where) return
    throw where === 'payments'
      ? PaymentsError.noAnswer(new Error('timeout'))
      : new Error('Redis is not connected.')
  }

  deskOf({ database }: FakeProcess): ReconcileDesk {
    return {
      database,
      afterMs,
      findCharge: async (orderId) => {
        this.#fail(orderId, 'payments')
        await this.#tools.sleep(1)
        return this.#charges.get(orderId)
      },
      settle: async (charge) => await settle(charge, database),
      queue: {
        enqueue: async ({ orderId }) => {
          this.#fail(orderId, 'redis')
          await this.#tools.sleep(1)
          const lost = this.#lost.get(orderId) ?? 0
          this.#lost.set(orderId, lost + 1)
          if (lost >= (this.#orders.get(orderId)?.losses ?? 0)) this.#jobs.add(orderId)
        },
      },
      writeOrderMessage,
      log: silentLog,
    }
  }

  async work(): Promise<void> {
    const waiting = this.store.committed('outbox').filter((row) => row['published_at'] === null)
    if (waiting.length > 0 && this.isAway !== 'redis') {
      await this.#run(
        'UPDATE outbox SET published_at = clock_timestamp() WHERE published_at IS NULL',
      )
      for (const { order_id: id } of waiting) this.#jobs.add(id as string)
    }
    for (const id of this.#jobs) {
      if (this.isAway === 'payments' || this.#orders.get(id)?.alwaysFails === true) continue
      const charge = this.#charges.get(id) ?? this.#charge(id, 'captured')
      await this.#tools.call(async () => await settle(charge, this.#worker.database), 5_000)
      this.#jobs.delete(id)
    }
  }

  get unfinished(): readonly string[] {
    return this.store
      .committed('orders')
      .filter(({ status }) => status === 'placed' || status === 'charging')
      .map(({ id }) => id as string)
      .filter((id) => this.#orders.get(id)?.alwaysFails !== true)
  }

  judge(): Breach | undefined {
    for (const { id, status } of this.store.committed('orders')) {
      const books = this.#charges.get(id as string)?.status ?? 'nothing'
      const inLedger = this.store
        .committed('ledger_transactions')
        .filter((row) => row['order_id'] === id).length
      const isTrue =
        status === 'paid'
          ? books === 'captured' && inLedger === 1
          : inLedger === 0 && (status !== 'rejected' || books === 'declined')
      if (isTrue && status !== 'sold-out' && status !== 'parked') continue
      return {
        expected: `an order with ${books} in payments' books is ${books === 'declined' ? 'rejected' : 'paid and in the ledger, or not final yet'}`,
        actual: `${JSON.stringify(status)}, ${inLedger} times in the ledger`,
      }
    }
    return undefined
  }
}

/** As the worker does it. */
async function settle(charge: Charge, database: FakeProcess['database']): Promise<void> {
  const { orderId, id: chargeId, amountCents } = charge
  if (charge.status === 'declined') return await rejectOrder(database, orderId)
  const messageId = `order-placed:${orderId}`
  await recordPayment({ messageId, orderId, chargeId, amountCents }, database)
}

export async function createReconcileShop(
  tools: Pick<ProbeTools<unknown>, 'sleep' | 'call'>,
): Promise<ReconcileShop> {
  const shop = new FakeShop(tools)
  await shop.start()
  return shop
}

export interface Reconciler {
  readonly process: FakeProcess
  /** One round. An error of it is logged by the worker. */
  round(): Promise<void>
}

const roundMaxMs = 60_000

export async function createReconciler(
  tools: ProbeTools<Reconcile>,
  shop: ReconcileShop,
  intercept?: Intercept,
): Promise<Reconciler> {
  const reconcile = await tools.load()
  const process = createProcess(tools, shop.store, intercept)
  const desk = shop.deskOf(process)
  return {
    process,
    round: async () => {
      await tools.call(async () => await reconcile(desk), roundMaxMs)
      throwUnknown(process)
    },
  }
}
