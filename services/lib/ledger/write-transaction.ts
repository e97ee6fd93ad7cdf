import type { Transaction } from '../database.ts'

export interface LedgerTransaction {
  readonly orderId: string
  readonly chargeId: string
  readonly kind: 'charge' | 'refund' | 'correction'
}

/**
 * Double entry: each amount changes what payments owes the shop, and what the shop has sold. It does
 * not look whether the ledger has the transaction already.
 */
export async function writeTransaction(
  transaction: Transaction,
  { orderId, chargeId, kind }: LedgerTransaction,
  amountsCents: readonly number[],
): Promise<void> {
  const { rows } = await transaction.query<{ id: string }>(
    `INSERT INTO ledger_transactions (order_id, kind, charge_id) VALUES ($1, $2, $3)
     RETURNING id`,
    [orderId, kind, chargeId],
  )
  for (const cents of amountsCents)
    await transaction.query(
      `INSERT INTO ledger_entries (transaction_id, account, amount_cents)
       VALUES ($1, 'payments-receivable', $2), ($1, 'sales', -$2::integer)`,
      [rows[0]?.id, cents],
    )
}
