import type { Transaction } from '#services/lib/database.ts'
import { writeTransaction } from '#services/lib/ledger/write-transaction.ts'

/** Writes a captured charge to the ledger. */
export async function writeLedger(
  transaction: Transaction,
  charge: { readonly orderId: string; readonly chargeId: string; readonly amountCents: number },
): Promise<void> {
  const { orderId, chargeId, amountCents } = charge
  await writeTransaction(transaction, { orderId, chargeId, kind: 'charge' }, [amountCents])
}
