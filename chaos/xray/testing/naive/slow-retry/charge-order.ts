import { setTimeout as sleep } from 'node:timers/promises'

import type { ChargeOrder } from '#services/worker/seams.ts'

/** Asks again under the same key, and only after a long while. */
export const chargeOrder: ChargeOrder = async (request, payments) => {
  const charge = await payments.charge(request).catch(async () => {
    await sleep(5_000)
    return await payments.charge(request)
  })
  const { id, status } = charge
  return status === 'captured' ? { status, chargeId: id } : { status }
}
