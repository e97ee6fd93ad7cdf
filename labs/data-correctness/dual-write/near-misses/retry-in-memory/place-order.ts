import { setTimeout as sleep } from 'node:timers/promises'

import type { Order } from '#services/api/orders/order.ts'
import type { OrderDesk, PlaceOrder } from '#services/api/seams.ts'

/**
 * Plausible: it retries the enqueue until Redis is back, and no customer has to wait for that.
 * Fails `no-lost-orders`: the remaining work is only in the memory of a process, and that process
 * is killed.
 */
export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer, order } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
  })
  if (order !== undefined) void enqueueForSure(order, shop)
  return answer
}

async function enqueueForSure(order: Order, shop: OrderDesk): Promise<void> {
  for (let pauseMs = 50; ; pauseMs = Math.min(1_000, 2 * pauseMs)) {
    try {
      await shop.queue.enqueue(order)
      return
    } catch {
      await sleep(pauseMs)
    }
  }
}
