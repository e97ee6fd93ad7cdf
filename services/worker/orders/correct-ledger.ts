import type { Transaction } from '#services/lib/database.ts'
import type { Charge } from '#services/lib/payments/charge.ts'

import { writeLedger } from './write-ledger.ts'

/**
 * Makes the ledger agree with a charge of payments. It never changes what was written: a correction
 * takes the wrong amount back and books the right one, so both stay visible. True if it wrote.
 */
export async function correctLedger(
  transaction: Transaction,
  orderId: string,
  { id: chargeId, status, amountCents: charged }: Charge,
): Promise<boolean> {
  const amountCents = status === 'captured' ? charged : 0
  const booked = await readLedger(transaction, orderId)
  if (booked === undefined) {
    if (amountCents === 0) return false
    await writeLedger(transaction, { orderId, chargeId, amountCents })
    return true
  }
  const isRight = booked.amountCents === amountCents && booked.chargeId === chargeId
  if (isRight || (booked.amountCents === 0 && amountCents === 0)) return false
  await writeCorrection(transaction, { orderId, chargeId }, [-booked.amountCents, amountCents])
  return true
}

async function writeCorrection(
  transaction: Transaction,
  { orderId, chargeId }: { readonly orderId: string; readonly chargeId: string },
  amountsCents: readonly number[],
): Promise<void> {
  const { rows } = await transaction.query<{ id: string }>(
    `INSERT INTO ledger_transactions (order_id, kind, charge_id) VALUES ($1, 'correction', $2)
     RETURNING id`,
    [orderId, chargeId],
  )
  for (const cents of amountsCents.filter((amount) => amount !== 0))
    await transaction.query(
      `INSERT INTO ledger_entries (transaction_id, account, amount_cents)
       VALUES ($1, 'payments-receivable', $2), ($1, 'sales', -$2::integer)`,
      [rows[0]?.id, cents],
    )
}

/** What the ledger says about an order. Undefined if it says nothing. */
async function readLedger(
  transaction: Transaction,
  orderId: string,
): Promise<{ readonly chargeId: string | null; readonly amountCents: number } | undefined> {
  const { rows } = await transaction.query<{ chargeId: string | null; amountCents: number }>(
    `SELECT t.charge_id AS "chargeId", coalesce(sum(e.amount_cents), 0)::integer AS "amountCents"
     FROM ledger_transactions t
     LEFT JOIN ledger_entries e ON e.transaction_id = t.id AND e.account = 'payments-receivable'
     WHERE t.order_id = $1
     GROUP BY t.id ORDER BY t.id`,
    [orderId],
  )
  const last = rows.at(-1)
  if (last === undefined) return undefined
  return {
    chargeId: last.chargeId,
    amountCents: rows.reduce((sum, { amountCents }) => sum + amountCents, 0),
  }
}
