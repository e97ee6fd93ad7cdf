import { randomUUID } from 'node:crypto'

import type { ChargeOrder } from '#services/worker/seams.ts'

/** Uses a new idempotency key for every attempt: payments cannot recognise a repeated charge. */
export const chargeOrder: ChargeOrder = async (request, payments) => {
  const idempotencyKey = `${request.orderId}-${randomUUID()}`
  const { id, status } = await payments.charge({ ...request, idempotencyKey })
  return status === 'captured' ? { status, chargeId: id } : { status }
}
