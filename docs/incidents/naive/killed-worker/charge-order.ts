import { randomUUID } from 'node:crypto'

import type { ChargeOrder } from '#services/worker/seams.ts'

/** The key protects one delivery of the job: each delivery makes a new one. */
export const chargeOrder: ChargeOrder = async (request, payments) => {
  const { id, status } = await payments.charge({ ...request, idempotencyKey: randomUUID() })
  return status === 'captured' ? { status, chargeId: id } : { status }
}
