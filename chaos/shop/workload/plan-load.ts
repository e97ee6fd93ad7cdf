import type { PlannedLoad } from '#chaos/contracts/system/workload.ts'
import type { Random } from '#chaos/lib/random.ts'

import type { ShopOperation } from '../operation.ts'
import { buildRequest, positionHeader } from './build-request.ts'
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
  /** What the client has received with the last response about each order, and sends with the next request about it. */
  const positions = new Map<string, string>()
  // A customer reads an order again when the last response has arrived: no other sequence tells which position is newer.
  const beingRead = new Set<string>()
  return {
    operations: planOperations(workload, random, tag),
    start: (planned: ShopPlanned) => {
      const orderId =
        planned.kind === 'read-order' ? orderToRead(planned, known, beingRead, workload) : undefined
      if (planned.kind === 'read-order' && orderId === undefined) return undefined
      if (orderId !== undefined) beingRead.add(orderId)
      const position = positions.get(orderId ?? '')
      const due = {
        planned,
        browseUncached,
        ...(orderId === undefined ? {} : { orderId }),
        ...(position === undefined ? {} : { position }),
      }
      return {
        request: buildRequest(due),
        read: (last, body, headers) => {
          const header = headers?.[positionHeader]
          const received = typeof header === 'string' ? header : undefined
          const response = readResponse(due, last, body, received)
          if (response.orderId !== undefined && received !== undefined)
            positions.set(response.orderId, received)
          return response
        },
      }
    },
    onEnd: ({ kind, outcome, orderId }: ShopOperation) => {
      if (kind === 'read-order' && orderId !== undefined) beingRead.delete(orderId)
      if (kind === 'place-order' && outcome === 'ok' && orderId !== undefined) known.push(orderId)
    },
  }
}

function orderToRead(
  { tags, draw }: ShopPlanned,
  known: readonly string[],
  beingRead: ReadonlySet<string>,
  { readsAmongNewest }: ShopWorkload,
): string | undefined {
  if (tags.includes('unknown-order')) return unknownOrderId
  const among = known.slice(-(readsAmongNewest ?? known.length)).filter((id) => !beingRead.has(id))
  return among[Math.floor(draw * among.length)]
}
