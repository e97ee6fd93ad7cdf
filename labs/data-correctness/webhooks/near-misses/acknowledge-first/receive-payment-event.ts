import type { PaymentEventDesk, ReceivePaymentEvent } from '#services/api/seams.ts'
import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'
import { inTransaction } from '#services/lib/transaction.ts'

const pauseMs = 500

/**
 * Plausible: it stores the event durably, acknowledges it at once, and books it afterwards, as often
 * as necessary. Fails `payment-state-agrees`: the instance dies in between. For payments the event
 * is delivered, for the comparison it is recorded, and no process books it any more.
 */
export const receivePaymentEvent: ReceivePaymentEvent = async (event, desk) => {
  const { id, type, chargeId, orderId, amountCents, sequence, at } = event
  const { rowCount } = await desk.database.query(
    `INSERT INTO payment_events (event_id, type, charge_id, order_id, amount_cents, sequence, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [id, type, chargeId, orderId, amountCents, sequence, at],
  )
  if (rowCount === 1) void bookUntilDone(event, desk)
}

async function bookUntilDone(event: PaymentEvent, desk: PaymentEventDesk): Promise<void> {
  try {
    if (await book(event, desk)) return
  } catch (error) {
    desk.log.warn({ err: error, id: event.id }, 'event not booked')
  }
  setTimeout(() => void bookUntilDone(event, desk), pauseMs)
}

/** False: the order is not paid yet. */
async function book(event: PaymentEvent, desk: PaymentEventDesk): Promise<boolean> {
  const { type, orderId, sequence } = event
  return await inTransaction(desk.database, async (transaction) => {
    const { rows } = await transaction.query<{ status: string }>(
      'SELECT status FROM orders WHERE id = $1 FOR UPDATE',
      [orderId],
    )
    const status = rows[0]?.status
    if (type === 'charge.refunded' && (status === 'placed' || status === 'charging')) return false
    await transaction.query(
      `UPDATE orders SET payment_state = $2, payment_sequence = $3
       WHERE id = $1 AND payment_sequence < $3`,
      [orderId, type.replace('charge.', ''), sequence],
    )
    if (type !== 'charge.refunded' || status !== 'paid') return true
    await desk.writeRefund(transaction, event)
    await transaction.query(
      `UPDATE orders SET status = 'refunded', version = version + 1, updated_at = clock_timestamp()
       WHERE id = $1`,
      [orderId],
    )
    return true
  })
}
