import type { ReceivePaymentEvent } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/**
 * Plausible: it looks whether the event is recorded, and books it if not. A late event does not
 * change the state. Fails `refunds-booked-once`: while Postgres is slow, payments sends the event
 * again. Both deliveries look before one of them has committed.
 */
export const receivePaymentEvent: ReceivePaymentEvent = async (event, desk) => {
  const { id, type, chargeId, orderId, amountCents, sequence, at } = event
  await inTransaction(desk.database, async (transaction) => {
    const known = await transaction.query('SELECT 1 FROM payment_events WHERE event_id = $1', [id])
    if (known.rowCount !== 0) return
    await transaction.query(
      `INSERT INTO payment_events (event_id, type, charge_id, order_id, amount_cents, sequence, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [id, type, chargeId, orderId, amountCents, sequence, at],
    )
    await transaction.query(
      `UPDATE orders SET payment_state = $2, payment_sequence = $3
       WHERE id = $1 AND payment_sequence < $3`,
      [orderId, type.replace('charge.', ''), sequence],
    )
    if (type !== 'charge.refunded') return
    const { rows } = await transaction.query<{ status: string }>(
      'SELECT status FROM orders WHERE id = $1',
      [orderId],
    )
    const status = rows[0]?.status
    // A worker has not booked the charge yet: payments sends the event again.
    if (status === 'placed' || status === 'charging')
      throw new Refusal('not-paid-yet', 'The charge of this order is not booked yet.', {
        status: 503,
        definite: true,
        retryAfterSeconds: 1,
      })
    await desk.writeRefund(transaction, event)
    await transaction.query(
      `UPDATE orders SET status = 'refunded', version = version + 1, updated_at = clock_timestamp()
       WHERE id = $1 AND status = 'paid'`,
      [orderId],
    )
  })
}
