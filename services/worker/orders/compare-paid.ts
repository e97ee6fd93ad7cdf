import type { Database } from '#services/lib/database.ts'
import { chargeKeyFor } from '#services/lib/order-id.ts'
import type { PaymentsClient } from '#services/lib/payments-client.ts'
import { isChargeFor } from '#services/lib/payments/charge.ts'
import type { Charge } from '#services/lib/payments/charge.ts'
import type { Log } from '#services/lib/start/log.ts'
import { inTransaction } from '#services/lib/transaction.ts'

import { changeStatus } from './change-status.ts'
import { correctLedger } from './correct-ledger.ts'
import { endComparison, takePaidOrders } from './paid-orders.ts'
import type { PaidOrder } from './paid-orders.ts'

export interface CompareDesk {
  readonly database: Database
  readonly payments: Pick<PaymentsClient, 'charge' | 'findCharge'>
  readonly log: Log
}

/**
 * One round: compares paid orders with payments' books, each order once after it was paid. `paid` is
 * the shop's own record; payments' books say whether the customer has paid. An order whose
 * comparison fails is compared again later.
 */
export async function comparePaidOrders(desk: CompareDesk, afterMs: number): Promise<void> {
  for (const order of await takePaidOrders(desk.database, afterMs)) {
    try {
      const charge = await chargeOf(order, desk)
      const { id, amountCents } = order
      const isRight =
        charge.status === 'captured' &&
        isChargeFor(charge, { orderId: id, amountCents, idempotencyKey: chargeKeyFor(id) })
      await settle(order, charge, isRight, desk)
    } catch (error) {
      // One failing order must not block the others.
      desk.log.warn({ orderId: order.id, err: error }, 'paid order could not be compared')
    }
  }
}

/** An order without a charge is charged now: the same key, so never twice. */
async function chargeOf(order: PaidOrder, { payments, log }: CompareDesk): Promise<Charge> {
  const { id: orderId, customer, amountCents } = order
  const idempotencyKey = chargeKeyFor(orderId)
  const found = await payments.findCharge(idempotencyKey)
  if (found !== undefined) return found
  log.warn({ orderId }, 'paid order without a charge: charging it')
  await payments.charge({ orderId, customer, amountCents, idempotencyKey })
  // What counts is in the books, and not in the response.
  const charge = await payments.findCharge(idempotencyKey)
  if (charge === undefined) throw new Error(`Payments has no charge of order ${orderId} yet.`)
  return charge
}

/** In one transaction: the ledger, the status and the end of the comparison. */
async function settle(
  order: PaidOrder,
  charge: Charge,
  isRight: boolean,
  { database, log }: CompareDesk,
): Promise<void> {
  const changed = await inTransaction(database, async (transaction) => {
    // Ended first: the row stays locked, so another worker does not correct the same order.
    if (!(await endComparison(transaction, order.id))) return false
    const corrected = await correctLedger(transaction, order.id, charge)
    if (!isRight)
      await changeStatus(transaction, {
        orderId: order.id,
        from: ['paid'],
        to: 'parked',
        reason: `payments: ${charge.status}, ${charge.amountCents} cents for ${charge.orderId}`,
      })
    return corrected || !isRight
  })
  if (changed) log.warn({ orderId: order.id, charge, isRight }, 'paid order corrected')
}
