import { setTimeout as sleep } from 'node:timers/promises'

import type { Counter } from 'prom-client'

import type { Database } from '#services/lib/database.ts'
import { createHttpServer } from '#services/lib/http/http-server.ts'
import type { HttpServer } from '#services/lib/http/http-server.ts'
import { createOrderQueue } from '#services/lib/order-queue.ts'
import { createPaymentsClient } from '#services/lib/payments-client.ts'
import { connectToPayments } from '#services/lib/payments/connection.ts'
import { createRedis } from '#services/lib/redis.ts'
import { loadSeams } from '#services/lib/seam.ts'
import { closeAll } from '#services/lib/start/close-all.ts'
import { openLog } from '#services/lib/start/open-log.ts'
import type { Periodic } from '#services/lib/start/periodically.ts'
import type { Service } from '#services/lib/start/run-service.ts'

import type { WorkerConfig } from './config.ts'
import { runMigrations } from './migrations/run-migration.ts'
import { deliver } from './orders/deliver.ts'
import { createLabelPrinter } from './orders/label-printer.ts'
import type { OrderWork } from './orders/work-order.ts'
import { createOrderWorker } from './queue/order-worker.ts'
import { startRounds } from './rounds.ts'
import type { WorkerSeams } from './seams.ts'
import { addStoreMetrics } from './store-metrics.ts'

/** Builds the worker. The stores and payments do not have to be running yet. */
export async function createWorkerApp(config: WorkerConfig): Promise<Service> {
  const { log, telemetry } = await openLog('worker', config)
  const { seams, reports } = await loadSeams<WorkerSeams>('worker', config.seams)
  const database = seams['database-pool'](config.database, log)
  const redis = createRedis(config.redis, log)
  const queue = createOrderQueue(config.redis, config.jobs, log, telemetry)
  const payments = createPaymentsClient(
    connectToPayments(config.payments, telemetry),
    seams['read-charge'],
  )
  const http = createHttpServer({
    ...config,
    log,
    telemetry,
    seams: reports,
    isAlive: async () => true,
  })

  const jobs = http.metrics.counter('deliveries_total', 'Messages processed', ['outcome'])
  addPoolMetrics(http, database)
  addStoreMetrics(http.app, { database, queue })
  const work: OrderWork = { database, payments, printer: createLabelPrinter(), seams, log }
  const orderWorker = createOrderWorker(
    config.orderWorker,
    log,
    async (delivery) => await countOutcome(jobs, async () => await deliver(delivery, work)),
    telemetry,
  )
  let migrations: Periodic | undefined
  let isStopping = false
  async function becomeReady(port: number): Promise<void> {
    await orderWorker.ready()
    if (isStopping) return
    http.setReady(true)
    log.info({ port }, 'ready')
    migrations = runMigrations(config.migration, {
      database,
      connection: config.database,
      migrate: seams.migrate,
      log,
    })
  }
  const rounds = startRounds(config, { database, redis, queue, payments, seams, log, telemetry })

  return {
    async listen() {
      const port = await http.listen()
      // Not awaited: it takes as long as Redis is down.
      becomeReady(port).catch((error: unknown) => log.error({ err: error }, 'no queue'))
    },
    async stop() {
      isStopping = true
      await seams.shutdown({
        ...config.shutdown,
        log,
        sleep,
        becomeUnready: () => http.setReady(false),
        drainRequests: async () => await http.drain(),
        async drainJobs() {
          await Promise.all([orderWorker.drain(), rounds.stop(), migrations?.stop()])
        },
        async close() {
          redis.disconnect()
          const parts = [orderWorker, http, queue, payments]
          const closers = parts.map((part) => async () => await part.close())
          await closeAll([...closers, async () => await database.end()])
          await telemetry.close()
        },
      })
    },
  }
}

async function countOutcome(jobs: Counter, work: () => Promise<void>): Promise<void> {
  try {
    await work()
    jobs.inc({ outcome: 'done' })
  } catch (error) {
    jobs.inc({ outcome: 'failed' })
    throw error
  }
}

function addPoolMetrics({ metrics }: HttpServer, database: Database): void {
  metrics.gauge('database_connections', 'Open connections', () => database.totalCount)
  metrics.gauge(
    'database_waiting',
    'Requests waiting for a connection',
    () => database.waitingCount,
  )
}
