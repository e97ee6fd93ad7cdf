import type { ReceivePaymentEvent } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/**
 * Right, by another design: no step needs to know whether the event is a repetition. Each is a
 * change that can happen once: a later sequence, and the status from `paid` to `refunded`. The
 * ledger belongs to the second one.
 */
export const receivePaymentEvent: ReceivePaymentEvent = async (event, desk) => {
  const { id, type, chargeId, orderId, amountCents, sequence, at } = event
  await inTransaction(desk.database, async (transaction) => {
    // The lock on the order: two events of one charge are booked one after the other.
    const { rows } = await transaction.query<{ status: string }>(
      'SELECT status FROM orders WHERE id = $1 FOR UPDATE',
      [orderId],
    )
    const status = rows[0]?.status
    if (type === 'charge.refunded' && (status === 'placed' || status === 'charging'))
      throw new Refusal('not-paid-yet', 'The charge of this order is not booked yet.', {
        status: 503,
        definite: true,
        retryAfterSeconds: 1,
      })
    await transaction.query(
      `UPDATE orders SET payment_state = $2, payment_sequence = $3
       WHERE id = $1 AND payment_sequence < $3`,
      [orderId, type.replace('charge.', ''), sequence],
    )
    if (type === 'charge.refunded') {
      const { rowCount } = await transaction.query(
        `UPDATE orders
         SET status = 'refunded', version = version + 1, updated_at = clock_timestamp()
         WHERE id = $1 AND status = 'paid'`,
        [orderId],
      )
      if (rowCount === 1) await desk.writeRefund(transaction, event)
    }
    await transaction.query(
      `INSERT INTO payment_events (event_id, type, charge_id, order_id, amount_cents, sequence, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [id, type, chargeId, orderId, amountCents, sequence, at],
    )
  })
}
