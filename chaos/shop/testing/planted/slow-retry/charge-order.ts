import { setTimeout as sleep } from 'node:timers/promises'

import type { ChargeOrder } from '#services/worker/seams.ts'

/** Retries under the same idempotency key, but only after 5 s. */
export const chargeOrder: ChargeOrder = async (request, payments) => {
  const charge = await payments.charge(request).catch(async () => {
    await sleep(5_000)
    return await payments.charge(request)
  })
  const { id, status } = charge
  return status === 'captured' ? { status, chargeId: id } : { status }
}
