import type { Random } from '#chaos/lib/random.ts'

import type { RefusedTag } from '../claims/must-be-refused.ts'
import type { ShopOperationKind } from '../operation.ts'
import type { ShopPlanned } from './planned.ts'
import type { ShopWorkload } from './shop-workload.ts'

/** Of the operations of a kind, the share that the shop must refuse in addition. */
const refusedShare = 0.05
/** An order has its response by then: only now can its key be reused. */
const reuseAfterMs = 800

const tagsOf: Readonly<Record<ShopOperationKind, readonly RefusedTag[]>> = {
  'place-order': ['unknown-product', 'reused-key', 'bad-quantity'],
  browse: ['unknown-product'],
  quote: ['unknown-product', 'bad-quantity'],
  'read-order': ['unknown-order'],
}

/**
 * Operations that the shop refuses even without a fault: so the error paths run under every load, and a leak in them shows.
 * They come in addition to the planned operations, which stay the same. Each tag occurs at least once, a reused key only if
 * an order is old enough.
 */
export function planRefused(
  workload: ShopWorkload,
  planned: readonly ShopPlanned[],
  random: Random,
  tag: string,
): readonly ShopPlanned[] {
  if (!workload.refused) return []
  return (Object.keys(tagsOf) as ShopOperationKind[]).flatMap((kind) => {
    const same = planned.filter((operation) => operation.kind === kind && isOrdinary(operation))
    if (same.length === 0) return []
    const source = random.fork(`refused ${kind}`)
    const spread = (tags: readonly RefusedTag[], letter: string): ShopPlanned[] =>
      tags.flatMap((refused, i) => {
        const atMs = ((i + source.next()) / tags.length) * workload.durationMs
        const like = refused === 'reused-key' ? earlierOrder(same, atMs) : source.pick(same)
        if (like === undefined) return []
        const ownKey = `o-${tag}-${letter}${String(i + 1).padStart(5, '0')}`
        return [refusedOperation(refused, { ...like, atMs }, ownKey)]
      })
    const share = kind === 'place-order' ? workload.declinedShare : 0
    const declined = share === 0 ? 0 : Math.max(1, Math.round(same.length * share))
    return [
      ...spread(tagsInTurn(tagsOf[kind], same.length), 'r'),
      ...spread(
        Array.from({ length: declined }, () => 'declined' as const),
        'd',
      ),
    ]
  })
}

/** One tag for each operation, in turn: each at least once. */
function tagsInTurn(tags: readonly RefusedTag[], ordinary: number): readonly RefusedTag[] {
  const count = Math.max(tags.length, Math.round(ordinary * refusedShare))
  return Array.from({ length: Math.ceil(count / tags.length) }, () => tags)
    .flat()
    .slice(0, count)
}

function isOrdinary({ tags }: ShopPlanned): boolean {
  return tags.every((tag) => tag === 'hot')
}

/** The last order that has its response by then. */
function earlierOrder(orders: readonly ShopPlanned[], atMs: number): ShopPlanned | undefined {
  return orders.findLast((order) => order.atMs <= atMs - reuseAfterMs)
}

function refusedOperation(tag: RefusedTag, like: ShopPlanned, ownKey: string): ShopPlanned {
  const operation = {
    ...like,
    ...(like.kind === 'place-order'
      ? { key: tag === 'reused-key' ? (like.key ?? ownKey) : ownKey }
      : {}),
    tags: [tag],
  }
  switch (tag) {
    case 'unknown-product':
      return { ...operation, sku: 'no-such-product' }
    case 'bad-quantity':
      return { ...operation, quantity: 0 }
    case 'reused-key':
      return { ...operation, quantity: like.quantity + 1 }
    case 'declined':
      return { ...operation, customer: `declined-${like.customer}` }
    case 'unknown-order':
      return operation
  }
}
