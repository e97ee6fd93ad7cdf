import { isTransientDatabaseError } from '#services/lib/database-refusal.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'

import type { Delivery } from '../queue/order-worker.ts'
import { parkOrder, workOrder } from './work-order.ts'
import type { OrderWork } from './work-order.ts'

/** A job that keeps failing is set aside in the end, so permanent errors do not retry forever. */
export async function deliver(
  { orderId, message, isLast }: Delivery,
  work: OrderWork,
): Promise<void> {
  try {
    // The queue would deliver the same bytes again.
    if (message === undefined) return await parkOrder(work, orderId, 'job without a message')
    await workOrder(message, work)
  } catch (error) {
    if (!isLast || error instanceof PaymentsError || isTransientDatabaseError(error)) throw error
    await parkOrder(work, orderId, `given up: ${(error as Error).message}`)
  }
}
