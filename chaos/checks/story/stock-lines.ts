import type { Evidence, StoryLine } from '#chaos/contracts/check.ts'
import type { ProductRow } from '#chaos/contracts/truth.ts'

import type { StoryTime } from './story-time.ts'

/** Of a long list of sales, the first few and the last: where it began, and where it went wrong. */
const firstShown = 3
const lastShown = 9

/** How a product's stock went: order by order, with what all of them hold together. */
export function stockLines(
  product: ProductRow,
  { truth }: Evidence,
  timeline: StoryTime,
): StoryLine[] {
  const instanceOf = new Map(
    truth.orderEvents
      .filter(({ status }) => status === 'placed')
      .map((event) => [event.orderId, event.instance]),
  )
  let sold = 0
  const orders = truth.orders
    .filter(({ sku, status }) => sku === product.sku && status !== 'sold-out')
    .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))
    .map((order): StoryLine => {
      sold += order.quantity
      return {
        ms: timeline.msOf(order.createdAt),
        who: instanceOf.get(order.id) ?? 'the shop',
        text: `sells ${order.quantity} to order ${order.id}: ${sold} of ${product.initialStock} sold`,
      }
    })
  const text = `${product.stock} left in Postgres, of ${product.initialStock}`
  return [...ends(orders), { ms: timeline.msOf(truth.takenAt), who: 'final', text }]
}

function ends(sales: readonly StoryLine[]): readonly StoryLine[] {
  const between = sales.length - firstShown - lastShown
  const next = sales[firstShown]
  if (between <= 1 || next === undefined) return sales
  const text = `${between} more sales like these`
  return [
    ...sales.slice(0, firstShown),
    { ms: next.ms, who: '...', text },
    ...sales.slice(-lastShown),
  ]
}
