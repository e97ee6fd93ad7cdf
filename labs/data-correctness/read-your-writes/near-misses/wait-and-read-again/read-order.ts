import { setTimeout as sleep } from 'node:timers/promises'

import { findOrder } from '#services/api/orders/find-order.ts'
import type { ReadOrder } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

/** Ten times what a replica usually lags. */
const lagMs = 200
const attemptsMax = 3

/**
 * Plausible: a replica lags for some milliseconds, so a missing order is there a moment later. Fails `refusals-are-true`: no
 * fixed time is longer than every lag.
 */
export const readOrder: ReadOrder = async ({ orderId }, { primary, replica, log }) => {
  if (replica === undefined) return { order: await findOrder(primary, orderId) }
  for (let attempt = 1; ; attempt++) {
    try {
      return { order: await findOrder(replica, orderId) }
    } catch (error) {
      if (!(error instanceof Refusal)) {
        log.warn({ err: error }, 'the replica did not respond')
        return { order: await findOrder(primary, orderId) }
      }
      if (attempt === attemptsMax) throw error
      await sleep(lagMs)
    }
  }
}
