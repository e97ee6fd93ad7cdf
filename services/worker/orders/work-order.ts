import type { Database } from '#services/lib/database.ts'
import { chargeKeyFor } from '#services/lib/order-id.ts'
import type { ReceivedMessage } from '#services/lib/order-message.ts'
import type { PaymentsClient } from '#services/lib/payments-client.ts'
import type { Log } from '#services/lib/start/log.ts'

import type { WorkerSeams } from '../seams.ts'
import { changeStatus, moving } from './change-status.ts'
import type { LabelPrinter } from './label-printer.ts'
import { rejectOrder } from './reject-order.ts'
import { loadOrder } from './worker-order.ts'

export interface OrderWork {
  readonly database: Database
  readonly payments: PaymentsClient
  readonly printer: LabelPrinter
  readonly seams: WorkerSeams
  readonly log: Log
}

/** An order with a higher score is set aside for an operator. */
const riskMax = 0.9

/**
 * Does all the work for one message. It may run again for the same message, after any failure or at
 * the same time: each step checks, where its effect is, whether it is already done. Rejects if the
 * queue must retry the job.
 */
export async function workOrder(message: ReceivedMessage, shop: OrderWork): Promise<void> {
  const { database, payments, seams } = shop
  const park = async (orderId: string, reason: string): Promise<void> => {
    await parkOrder(shop, orderId, reason)
  }
  const reading = seams['read-order-message'](message)
  if ('unreadable' in reading) return await park(message.orderId, reading.unreadable)
  const { orderId, amountCents } = reading

  await changeStatus(database, { orderId, from: ['placed'], to: 'charging' })
  const order = await loadOrder(database, orderId)
  if (order === undefined) throw new Error(`There is no order ${orderId}.`)
  if ('unreadable' in order) return await park(orderId, order.unreadable)
  // A paid order continues: the place where the payment is recorded decides whether this message
  // was already processed, not what was read before.
  if (order.status !== 'paid' && !moving.includes(order.status)) return

  const risk = await seams['assess-risk'](order)
  if (risk > riskMax) return await park(orderId, `risk ${risk.toFixed(2)}`)
  const label = await seams['print-label'](order, { printer: shop.printer, park })
  if (label === 'parked') return

  const { customer } = order
  const idempotencyKey = chargeKeyFor(orderId)
  const charge = await seams['charge-order'](
    { orderId, customer, amountCents, idempotencyKey },
    payments,
  )
  if (charge.status === 'declined') return await rejectOrder(database, orderId)
  const { chargeId } = charge
  const payment = { messageId: messageIdFor(orderId), orderId, chargeId, amountCents }
  await seams['record-payment'](payment, database)
}

/** One message per order, whichever process sends it again. */
export function messageIdFor(orderId: string): string {
  return `order-placed:${orderId}`
}

/** Sets an order aside for an operator. Its stock stays reserved. */
export async function parkOrder(
  { database, log }: Pick<OrderWork, 'database' | 'log'>,
  orderId: string,
  reason: string,
): Promise<void> {
  const parked = await changeStatus(database, { orderId, from: moving, to: 'parked', reason })
  if (parked !== undefined) log.warn({ orderId, reason }, 'order parked')
}
