// Right: deliveries about one charge run one after the other, so looking first is enough.
import type { PaymentEventDesk, ReceivePaymentEvent } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'
import { Refusal } from '#services/lib/refusal.ts'
import { inTransaction } from '#services/lib/transaction.ts'

export const receivePaymentEvent: ReceivePaymentEvent = async (event, desk) => {
  await inTransaction(desk.database, async (transaction) => {
    await transaction.query('SELECT pg_advisory_xact_lock(hashtext($1))', [event.chargeId])
    const { rows } = await transaction.query('SELECT 1 FROM payment_events WHERE event_id = $1', [
      event.id,
    ])
    if (rows.length > 0) return
    await transaction.query(
      `INSERT INTO payment_events (event_id, type, charge_id, order_id, amount_cents, sequence, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
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
      `UPDATE orders SET payment_state = $2, payment_sequence = $3
       WHERE id = $1 AND payment_sequence < $3`,
      [event.orderId, event.type.replace('charge.', ''), event.sequence],
    )
    if (event.type === 'charge.refunded') await refund(transaction, event, desk)
  })
}

async function refund(
  transaction: Transaction,
  event: PaymentEvent,
  desk: PaymentEventDesk,
): Promise<void> {
  const { rows } = await transaction.query<{ status: string }>(
    'SELECT status FROM orders WHERE id = $1 FOR UPDATE',
    [event.orderId],
  )
  const status = rows[0]?.status
  // A worker has not booked the charge yet. Nothing is stored: payments sends the event again.
  if (status === 'placed' || status === 'charging')
    throw new Refusal('not-paid-yet', 'The charge of this order is not booked yet.', {
      status: 503,
      definite: true,
      retryAfterSeconds: 1,
    })
  if (status !== 'paid') return desk.log.warn({ ...event, status }, 'refund without a paid order')
  await desk.writeRefund(transaction, event)
  await transaction.query(
    `UPDATE orders SET status = 'refunded', version = version + 1, updated_at = clock_timestamp()
     WHERE id = $1`,
    [event.orderId],
  )
}
