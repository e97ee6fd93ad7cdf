import type { OperationKind } from '#chaos/contracts/history.ts'
import type { Workload } from '#chaos/contracts/scenario.ts'
import type { Random } from '#chaos/lib/random.ts'

import type { PlannedOperation } from './planned-operation.ts'

/** What the shop refuses, or declines, even without a fault. */
const refusedTags = [
  'unknown-product',
  'bad-quantity',
  'unknown-order',
  'reused-key',
  'declined',
] as const
export type RefusedTag = (typeof refusedTags)[number]

/** Of the operations of a kind, the share that the shop must refuse in addition. */
const share = 0.05
/** An order has its response by then: only now can its key be reused. */
const reuseAfterMs = 800

const tagsOf: Readonly<Record<OperationKind, readonly RefusedTag[]>> = {
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
  workload: Workload,
  planned: readonly PlannedOperation[],
  random: Random,
  tag: string,
): readonly PlannedOperation[] {
  if (!workload.refused) return []
  return (Object.keys(tagsOf) as OperationKind[]).flatMap((kind) => {
    const same = planned.filter((operation) => operation.kind === kind && isOrdinary(operation))
    if (same.length === 0) return []
    const source = random.fork(`refused ${kind}`)
    const tags = plannedTags(kind, same.length, workload)
    const count = tags.length
    return Array.from({ length: count }, (_, i) => {
      const atMs = ((i + source.next()) / count) * workload.durationMs
      const refused = tags[i] ?? 'unknown-product'
      const like = refused === 'reused-key' ? earlierOrder(same, atMs) : source.pick(same)
      if (like === undefined) return []
      return [
        refusedOperation(refused, { ...like, atMs }, `o-${tag}-r${String(i + 1).padStart(5, '0')}`),
      ]
    }).flat()
  })
}

/** One tag for each operation, in turn. */
function plannedTags(
  kind: OperationKind,
  ordinary: number,
  { declinedShare }: Pick<Workload, 'declinedShare'>,
): readonly RefusedTag[] {
  const tags = tagsOf[kind]
  const count = Math.max(tags.length, Math.round(ordinary * share))
  const refused = Array.from(
    { length: count },
    (_, i) => tags[i % tags.length] ?? 'unknown-product',
  )
  if (kind !== 'place-order' || declinedShare === 0) return refused
  const declined = Math.max(1, Math.round(ordinary * declinedShare))
  // Spread over the load.
  return Array.from({ length: count + declined }, (_, i) => {
    const before = Math.floor((i * declined) / (count + declined))
    const isDeclined = Math.floor(((i + 1) * declined) / (count + declined)) > before
    return isDeclined ? 'declined' : (refused[i - before] ?? 'unknown-product')
  })
}

function isOrdinary({ tags }: PlannedOperation): boolean {
  return tags.every((tag) => tag === 'hot')
}

/** The last order that has its response by then. */
function earlierOrder(
  orders: readonly PlannedOperation[],
  atMs: number,
): PlannedOperation | undefined {
  return orders.findLast((order) => order.atMs <= atMs - reuseAfterMs)
}

function refusedOperation(
  tag: RefusedTag,
  like: PlannedOperation,
  ownKey: string,
): PlannedOperation {
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
