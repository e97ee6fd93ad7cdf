import type { Transaction } from '#services/lib/database.ts'

/** Double entry: what payments owes the shop, and what the shop has sold. */
export async function writeLedger(
  transaction: Transaction,
  charge: { readonly orderId: string; readonly chargeId: string; readonly amountCents: number },
): Promise<void> {
  const { rows } = await transaction.query<{ id: string }>(
    `INSERT INTO ledger_transactions (order_id, kind, charge_id) VALUES ($1, 'charge', $2)
     RETURNING id`,
    [charge.orderId, charge.chargeId],
  )
  await transaction.query(
    `INSERT INTO ledger_entries (transaction_id, account, amount_cents)
     VALUES ($1, 'payments-receivable', $2), ($1, 'sales', -$2::integer)`,
    [rows[0]?.id, charge.amountCents],
  )
}
