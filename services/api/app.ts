import { setTimeout as sleep } from 'node:timers/promises'

import { databaseRefusal } from '#services/lib/database-refusal.ts'
import type { Database } from '#services/lib/database.ts'
import { createHttpServer } from '#services/lib/http/http-server.ts'
import type { HttpServer } from '#services/lib/http/http-server.ts'
import type { Metrics } from '#services/lib/http/metrics.ts'
import { createOrderQueue } from '#services/lib/order-queue.ts'
import { askForMethods as fetchMethods } from '#services/lib/payments-client.ts'
import { connectToPayments } from '#services/lib/payments/connection.ts'
import { createRedis } from '#services/lib/redis.ts'
import { loadSeams } from '#services/lib/seam.ts'
import { closeAll } from '#services/lib/start/close-all.ts'
import type { Log } from '#services/lib/start/log.ts'
import { openLog } from '#services/lib/start/open-log.ts'
import type { Service } from '#services/lib/start/run-service.ts'

import type { ApiConfig } from './config.ts'
import { createOrderDesk } from './orders/order-desk.ts'
import { addOrderRoutes } from './orders/order-routes.ts'
import type { OrderRoutes } from './orders/order-routes.ts'
import { openPaymentEvents } from './payment-events/open-payment-events.ts'
import { findProduct, loadProduct } from './products/find-product.ts'
import { createProductCache } from './products/product-cache.ts'
import { addProductRoutes } from './products/product-routes.ts'
import { ownMethods } from './quotes/own-methods.ts'
import { addQuoteRoutes } from './quotes/quote-routes.ts'
import type { ApiSeams, AskTools, Door, OrderDesk, OrderReadDesk } from './seams.ts'

const askTools: AskTools = { now: () => performance.now(), sleep, random: Math.random }

/** Builds the API. The stores and payments do not have to be running yet. */
export async function createApiApp(config: ApiConfig): Promise<Service> {
  const { log, telemetry } = await openLog('api', config)
  const { seams, reports } = await loadSeams<ApiSeams>('api', config.seams)
  const database = seams['database-pool'](config.database, log)
  const redis = createRedis(config.redis, log)
  const queue = createOrderQueue(config.redis, config.jobs, log, telemetry)
  const payments = connectToPayments(config.payments, telemetry)
  const http = createHttpServer({
    ...config,
    log,
    telemetry,
    seams: reports,
    isAlive: async () => await seams.liveness({ database, redis }),
    explainError: databaseRefusal,
  })
  const { app, metrics } = http

  const door = seams.admission(config.admission)
  const replica = config.replica && seams['database-pool'](config.replica, log)
  const servers = { primary: database, replica, log }
  const placed = metrics.counter('orders_placed_total', 'Orders that were committed')
  const orderDesk = createOrderDesk(database, queue, seams, servers, telemetry)
  const desk = countPlaced(orderDesk, () => placed.inc())
  addOrderRoutes(app, { door, desk, ...ordersOf(seams, servers) })

  const load = async (sku: string) => await loadProduct(database, sku)
  const cacheFailures = metrics.counter('cache_failures_total', 'Reads and writes that failed')
  const readProduct = seams['read-product']({
    ...createProductCache(redis, { ttlMs: config.cacheTtlMs, load, now: () => Date.now() }),
    cacheFailed: () => {
      cacheFailures.inc()
    },
  })
  addProductRoutes(app, { database, readProduct })

  const ask = seams['ask-payments'](config.ask, askTools)
  const askForMethods = async (amountCents: number) =>
    await ask(async (signal) => await fetchMethods(payments, amountCents, signal))
  const quoteDesk = { database, findProduct, askForMethods, ownMethods }
  addQuoteRoutes(app, { quoteOrder: seams['quote-order'], desk: quoteDesk })

  const paymentEvents = openPaymentEvents(config, {
    app,
    database,
    connection: payments,
    log,
    receivePaymentEvent: seams['receive-payment-event'],
  })

  addGauges(metrics, door, database)

  return {
    listen: async () => await becomeReady(http, log),
    async stop() {
      await seams.shutdown({
        ...config.shutdown,
        log,
        sleep,
        becomeUnready: () => http.setReady(false),
        drainRequests: async () => await http.drain(),
        drainJobs: async () => await paymentEvents?.stop(),
        async close() {
          redis.disconnect()
          await closeAll([
            async () => await http.close(),
            async () => await queue.close(),
            async () => await payments.close(),
            async () => await replica?.end(),
            async () => await database.end(),
          ])
          await telemetry.close()
        },
      })
    },
  }
}

async function becomeReady(http: HttpServer, log: Log): Promise<void> {
  const port = await http.listen()
  http.setReady(true)
  log.info({ port }, 'ready')
}

function ordersOf(seams: ApiSeams, readDesk: OrderReadDesk): Omit<OrderRoutes, 'desk' | 'door'> {
  return { placeOrder: seams['place-order'], readOrder: seams['read-order'], readDesk }
}

/** An order counts once, however often its client sends it. */
function countPlaced(desk: OrderDesk, placed: () => void): OrderDesk {
  return {
    ...desk,
    async sell(request, write) {
      const sale = await desk.sell(request, write)
      if (sale.order !== undefined) placed()
      return sale
    },
  }
}

function addGauges(metrics: Metrics, door: Door, database: Database): void {
  metrics.gauge('orders_running', 'Orders being placed', () => door.running)
  metrics.gauge('orders_waiting', 'Orders waiting for admission', () => door.waiting)
  metrics.gauge('database_connections', 'Open connections', () => database.totalCount)
  metrics.gauge(
    'database_waiting',
    'Requests waiting for a connection',
    () => database.waitingCount,
  )
}
