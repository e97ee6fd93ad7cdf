import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'
import type { Transaction } from '#services/lib/database.ts'
import { writeTransaction } from '#services/lib/ledger/write-transaction.ts'

/** The reverse of the charge. It does not look whether the ledger has the refund already. */
export async function writeRefund(
  transaction: Transaction,
  { orderId, chargeId, amountCents }: PaymentEvent,
): Promise<void> {
  await writeTransaction(transaction, { orderId, chargeId, kind: 'refund' }, [-amountCents])
}
