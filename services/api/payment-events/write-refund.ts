import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'
import type { Transaction } from '#services/lib/database.ts'

/** Double entry, the reverse of the charge. It does not look whether the ledger has the refund already. */
export async function writeRefund(
  transaction: Transaction,
  { orderId, chargeId, amountCents }: PaymentEvent,
): Promise<void> {
  const { rows } = await transaction.query<{ id: string }>(
    `INSERT INTO ledger_transactions (order_id, kind, charge_id) VALUES ($1, 'refund', $2)
     RETURNING id`,
    [orderId, chargeId],
  )
  await transaction.query(
    `INSERT INTO ledger_entries (transaction_id, account, amount_cents)
     VALUES ($1, 'payments-receivable', -$2::integer), ($1, 'sales', $2)`,
    [rows[0]?.id, amountCents],
  )
}
