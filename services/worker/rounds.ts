import type { Redis } from 'ioredis'

import { createDatabaseClock } from '#services/lib/database-clock.ts'
import type { Database } from '#services/lib/database.ts'
import { chargeKeyFor } from '#services/lib/order-id.ts'
import type { OrderQueue } from '#services/lib/order-queue.ts'
import type { PaymentsClient } from '#services/lib/payments-client.ts'
import type { Log } from '#services/lib/start/log.ts'
import { periodically } from '#services/lib/start/periodically.ts'
import type { Periodic } from '#services/lib/start/periodically.ts'
import type { Telemetry } from '#services/lib/telemetry/telemetry.ts'

import type { WorkerConfig } from './config.ts'
import { comparePaidOrders } from './orders/compare-paid.ts'
import { rejectOrder } from './orders/reject-order.ts'
import { messageIdFor } from './orders/work-order.ts'
import { priceListAt } from './prices/price-list.ts'
import { relayOutbox } from './queue/relay-outbox.ts'
import { traceOfOrder } from './queue/trace-of-order.ts'
import { watchOutbox } from './queue/watch-outbox.ts'
import type { ReconcileDesk, WorkerSeams } from './seams.ts'

export interface RoundsShop {
  readonly database: Database
  readonly redis: Redis
  readonly queue: OrderQueue
  readonly payments: PaymentsClient
  readonly seams: WorkerSeams
  readonly log: Log
  readonly telemetry: Telemetry
}

/** Starts the periodic work of a worker: relay the outbox, reconcile, compare, publish prices. */
export function startRounds(config: WorkerConfig, shop: RoundsShop): Periodic {
  const { database, redis, queue, seams, log, telemetry } = shop
  const pollMs = config.outboxPollMs
  const { statementTimeoutMs, queryTimeoutMs } = config.database
  const outbox = watchOutbox({
    database,
    pollMs,
    timeoutsMs: [statementTimeoutMs, queryTimeoutMs],
    now: () => performance.now(),
  })
  const rounds = [
    periodically('relay-outbox', { intervalMs: pollMs, log }, async () => {
      await relayOutbox(database, queue, outbox)
    }),
  ]
  if (!config.netsOff.has('reconciler')) {
    let enqueued = 0
    const enqueue: OrderQueue['enqueue'] = async (message) => {
      enqueued += 1
      await queue.enqueue(message, { repeats: await traceOfOrder(database, message, telemetry) })
    }
    const desk = reconcileDesk(config, { ...shop, queue: { ...queue, enqueue } })
    const { intervalMs } = config.reconcile
    rounds.push(
      periodically('reconcile', { intervalMs, log }, async () => {
        await seams.reconcile(desk)
        if (enqueued === 0) return
        enqueued = 0
        // An order may still have a job, and then it was not enqueued again.
        const hastened = await queue.hasten(config.orderWorker.backoffMaxMs)
        if (hastened > 0) log.warn({ hastened }, 'jobs were delayed for too long')
      }),
    )
    const { comparePaid } = config
    if (comparePaid.intervalMs > 0)
      rounds.push(
        periodically('compare-paid', { intervalMs: comparePaid.intervalMs, log }, async () => {
          await comparePaidOrders(shop, comparePaid.afterMs)
        }),
      )
  }
  const { intervalMs, editionMs, lockMs } = config.prices
  if (intervalMs > 0) {
    // A worker whose own clock is ahead would publish a later edition, and every right one after it would be refused.
    const clock = createDatabaseClock(database, () => performance.now())
    const readPriceList = async () => priceListAt(clock.nowMs(), editionMs)
    rounds.push(
      periodically('publish-prices', { intervalMs, log }, async () => {
        await clock.synchronize()
        const outcome = await seams['publish-prices']({ redis, database, lockMs, readPriceList })
        log.debug({ outcome }, 'prices')
      }),
    )
  }
  return {
    async stop() {
      await Promise.all(rounds.map(async (round) => await round.stop()))
    },
  }
}

function reconcileDesk(
  { reconcile }: WorkerConfig,
  { database, queue, payments, seams, log }: RoundsShop,
): ReconcileDesk {
  return {
    database,
    queue,
    log,
    afterMs: reconcile.afterMs,
    writeOrderMessage: seams['write-order-message'],
    findCharge: async (orderId) => await payments.findCharge(chargeKeyFor(orderId)),
    async settle({ orderId, id, amountCents, status }) {
      if (status === 'declined') return await rejectOrder(database, orderId)
      const payment = { messageId: messageIdFor(orderId), orderId, chargeId: id, amountCents }
      await seams['record-payment'](payment, database)
    },
  }
}
