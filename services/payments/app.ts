import { setTimeout as sleep } from 'node:timers/promises'

import { createHttpServer } from '#services/lib/http/http-server.ts'
import { openLog } from '#services/lib/start/open-log.ts'
import type { Service } from '#services/lib/start/run-service.ts'

import { openBooks } from './books.ts'
import { createCapacity } from './capacity.ts'
import type { PaymentsConfig } from './config.ts'
import { deliverEvents } from './deliver-events.ts'
import { addEventRoutes } from './event-routes.ts'
import { addPaymentsRoutes } from './routes.ts'

/**
 * Builds payments. It stands for an external system, so it shares no store and no seam with the
 * shop.
 */
export async function createPaymentsApp(config: PaymentsConfig): Promise<Service> {
  const { log, telemetry } = await openLog('payments', config)
  const { callbacks } = config
  const books = openBooks(config.booksFile, callbacks)
  const delivery =
    callbacks === undefined || books.events === undefined
      ? undefined
      : deliverEvents(books.events, callbacks, log)
  const capacity = createCapacity(config.capacity, sleep)
  const http = createHttpServer({
    ...config,
    log,
    telemetry,
    seams: [],
    isAlive: async () => true,
  })
  addPaymentsRoutes(http.app, { books, capacity, changed: () => delivery?.wake() })
  if (books.events !== undefined) addEventRoutes(http.app, books.events, capacity)
  http.metrics.gauge('slots_running', 'Requests in progress', () => capacity.running)
  http.metrics.gauge('slots_waiting', 'Requests waiting for a slot', () => capacity.waiting)

  return {
    async listen() {
      const port = await http.listen()
      http.setReady(true)
      // The books may have events of an earlier process.
      delivery?.wake()
      log.info({ port }, 'ready')
    },
    async stop() {
      http.setReady(false)
      await sleep(config.shutdown.leaveBalancerMs)
      await Promise.race([http.drain(), sleep(config.shutdown.graceMs)])
      await http.close()
      await delivery?.stop()
      books.close()
      await telemetry.close()
    },
  }
}
