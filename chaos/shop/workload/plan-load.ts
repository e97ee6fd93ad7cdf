import type { PlannedLoad } from '#chaos/contracts/system/workload.ts'
import type { Random } from '#chaos/lib/random.ts'

import type { ShopOperation } from '../operation.ts'
import { buildRequest } from './build-request.ts'
import { planOperations } from './plan.ts'
import type { ShopPlanned } from './planned.ts'
import { readResponse } from './read-response.ts'
import type { ShopWorkload } from './shop-workload.ts'

/** An id that no order has: its random part is too short. */
const unknownOrderId = 'o-no-such-order.0'

/** A load for the shop. It reads orders that it has placed before. */
export function planLoad(workload: ShopWorkload, random: Random, tag: string): PlannedLoad {
  const { browseUncached } = workload
  const known: string[] = []
  return {
    operations: planOperations(workload, random, tag),
    start: (planned: ShopPlanned) => {
      const orderId = planned.kind === 'read-order' ? orderToRead(planned, known) : undefined
      if (planned.kind === 'read-order' && orderId === undefined) return undefined
      const due = { planned, browseUncached, ...(orderId === undefined ? {} : { orderId }) }
      return {
        request: buildRequest(due),
        read: (last, body) => readResponse(due, last, body),
      }
    },
    onEnd: ({ kind, outcome, orderId }: ShopOperation) => {
      if (kind === 'place-order' && outcome === 'ok' && orderId !== undefined) known.push(orderId)
    },
  }
}

function orderToRead({ tags, draw }: ShopPlanned, known: readonly string[]): string | undefined {
  return tags.includes('unknown-order') ? unknownOrderId : known[Math.floor(draw * known.length)]
}
