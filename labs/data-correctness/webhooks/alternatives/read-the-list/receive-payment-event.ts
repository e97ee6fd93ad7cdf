import type { PaymentEventDesk, ReceivePaymentEvent } from '#services/api/seams.ts'
import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'
import type { Transaction } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/**
 * Right, by another design: a callback only says that something happened. What happened is read from
 * payments' list, in its sequence. The row of the order is locked, so the list is applied once.
 */
export const receivePaymentEvent: ReceivePaymentEvent = async ({ chargeId, orderId }, desk) => {
  const events = await desk.eventsOf(chargeId)
  await inTransaction(desk.database, async (transaction) => {
    const { rows } = await transaction.query<{ status: string; known: number }>(
      'SELECT status, payment_sequence AS known FROM orders WHERE id = $1 FOR UPDATE',
      [orderId],
    )
    const { status, known = 0 } = rows[0] ?? {}
    for (const event of events) {
      if (event.sequence <= known) continue
      if (event.type === 'charge.refunded') await refund(transaction, event, status, desk)
      await transaction.query(
        `INSERT INTO payment_events (event_id, type, charge_id, order_id, amount_cents, sequence, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
        [event.id, event.type, chargeId, orderId, event.amountCents, event.sequence, event.at],
      )
      await transaction.query(
        'UPDATE orders SET payment_state = $2, payment_sequence = $3 WHERE id = $1',
        [orderId, event.type.replace('charge.', ''), event.sequence],
      )
    }
  })
}

async function refund(
  transaction: Transaction,
  event: PaymentEvent,
  status: string | undefined,
  desk: PaymentEventDesk,
): Promise<void> {
  if (status === 'placed' || status === 'charging')
    throw new Refusal('not-paid-yet', 'The charge of this order is not booked yet.', {
      status: 503,
      definite: true,
      retryAfterSeconds: 1,
    })
  if (status !== 'paid') return
  await desk.writeRefund(transaction, event)
  await transaction.query(
    `UPDATE orders SET status = 'refunded', version = version + 1, updated_at = clock_timestamp()
     WHERE id = $1`,
    [event.orderId],
  )
}
