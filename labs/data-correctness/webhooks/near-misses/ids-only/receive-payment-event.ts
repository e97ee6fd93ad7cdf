import type { ReceivePaymentEvent } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/**
 * Plausible: an event whose id is known is a repetition and changes nothing. Fails
 * `payment-state-never-goes-back`: an event that comes late is not a repetition, and it sets the
 * state back.
 */
export const receivePaymentEvent: ReceivePaymentEvent = async (event, desk) => {
  const { id, type, chargeId, orderId, amountCents, sequence, at } = event
  await inTransaction(desk.database, async (transaction) => {
    const { rowCount } = await transaction.query(
      `INSERT INTO payment_events (event_id, type, charge_id, order_id, amount_cents, sequence, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [id, type, chargeId, orderId, amountCents, sequence, at],
    )
    if (rowCount === 0) return
    const { rows } = await transaction.query<{ status: string }>(
      `UPDATE orders SET payment_state = $2, payment_sequence = $3 WHERE id = $1 RETURNING status`,
      [orderId, type.replace('charge.', ''), sequence],
    )
    if (type !== 'charge.refunded') return
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
