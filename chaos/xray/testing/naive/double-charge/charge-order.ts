import { randomUUID } from 'node:crypto'

import type { ChargeOrder } from '#services/worker/seams.ts'

/** Another key for every attempt: payments cannot know that it is the same charge. */
export const chargeOrder: ChargeOrder = async (request, payments) => {
  const idempotencyKey = `${request.orderId}-${randomUUID()}`
  const { id, status } = await payments.charge({ ...request, idempotencyKey })
  return status === 'captured' ? { status, chargeId: id } : { status }
}
