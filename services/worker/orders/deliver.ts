import { isDatabaseTrouble } from '#services/lib/database-refusal.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'

import type { Delivery } from '../queue/order-worker.ts'
import { parkOrder, workOrder } from './work-order.ts'
import type { OrderWork } from './work-order.ts'

/** An order that fails for a reason that time does not mend is set aside in the end; the others may go on failing. */
export async function deliver({ message, isLast }: Delivery, work: OrderWork): Promise<void> {
  try {
    await workOrder(message, work)
  } catch (error) {
    if (!isLast || error instanceof PaymentsError || isDatabaseTrouble(error)) throw error
    await parkOrder(work, message.orderId, `given up: ${(error as Error).message}`)
  }
}
