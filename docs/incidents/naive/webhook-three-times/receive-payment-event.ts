import type { ReceivePaymentEvent } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/** Whatever arrives is new, and the last event that arrives is the state of the charge. */
export const receivePaymentEvent: ReceivePaymentEvent = async (event, desk) => {
  await inTransaction(desk.database, async (transaction) => {
    await transaction.query(
      `INSERT INTO payment_events (event_id, type, charge_id, order_id, amount_cents, sequence, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [
        event.id,
        event.type,
        event.chargeId,
        event.orderId,
        event.amountCents,
        event.sequence,
        event.at,
      ],
    )
    await transaction.query(
      'UPDATE orders SET payment_state = $2, payment_sequence = $3 WHERE id = $1',
      [event.orderId, event.type.replace('charge.', ''), event.sequence],
    )
    if (event.type !== 'charge.refunded') return
    await desk.writeRefund(transaction, event)
    await transaction.query(
      `UPDATE orders SET status = 'refunded', version = version + 1, updated_at = clock_timestamp()
       WHERE id = $1`,
      [event.orderId],
    )
  })
}
