import type { FastifyInstance } from 'fastify'

import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'
import { createPaymentEventsClient } from '#services/lib/callbacks/payment-events-client.ts'
import type { Database } from '#services/lib/database.ts'
import type { PaymentsConnection } from '#services/lib/payments/connection.ts'
import type { Log } from '#services/lib/start/log.ts'
import { periodically } from '#services/lib/start/periodically.ts'

import type { ApiConfig } from '../config.ts'
import type { PaymentEventDesk, ReceivePaymentEvent } from '../seams.ts'
import { createEventComparison } from './compare-events.ts'
import { addPaymentEventRoutes } from './payment-event-routes.ts'
import { writeRefund } from './write-refund.ts'

export interface PaymentEvents {
  /** Starts no further round. Resolves when the current one has ended. */
  stop(): Promise<void>
}

interface Shop {
  readonly app: FastifyInstance
  readonly database: Database
  readonly connection: PaymentsConnection
  readonly log: Log
  readonly receivePaymentEvent: ReceivePaymentEvent
}

/** Receives and compares the events of payments. Undefined, and without any cost, if payments does not call back. */
export function openPaymentEvents(
  { callbacks }: Pick<ApiConfig, 'callbacks'>,
  { app, database, connection, log, receivePaymentEvent }: Shop,
): PaymentEvents | undefined {
  if (callbacks === undefined) return undefined
  const payments = createPaymentEventsClient(connection)
  const desk: PaymentEventDesk = {
    database,
    writeRefund,
    eventsOf: async (chargeId) => await payments.eventsOf(chargeId),
    log,
  }
  const receive = async (event: PaymentEvent): Promise<void> =>
    await receivePaymentEvent(event, desk)
  addPaymentEventRoutes(app, { secret: callbacks.secret, receive })

  const { compareIntervalMs: intervalMs, compareAfterMs: afterMs } = callbacks
  const compare = createEventComparison({
    database,
    payments,
    receive,
    log,
    afterMs,
    now: () => performance.now(),
  })
  const round =
    intervalMs === 0 ? undefined : periodically('compare-events', { intervalMs, log }, compare)
  return { stop: async () => await round?.stop() }
}
