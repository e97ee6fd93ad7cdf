import type { StoryLine } from '#chaos/contracts/check.ts'
import type { RunClock } from '#chaos/contracts/run-clock.ts'

import type { ShopEvidence } from '../../evidence.ts'
import type { ProductRow } from '../../truth/truth.ts'

/** A long list of sales is shortened to the first few and the last few. */
const firstShown = 3
const lastShown = 9

/** The sales of a product, order by order, with the total so far. */
export function stockLines(
  product: ProductRow,
  { truth }: ShopEvidence,
  clock: RunClock,
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
        ms: clock.msOfWall(order.createdAt),
        who: instanceOf.get(order.id) ?? 'the shop',
        text: `sells ${order.quantity} to order ${order.id}: ${sold} of ${product.initialStock} sold so far`,
      }
    })
  const text = `Postgres has ${product.stock} of ${product.initialStock} left`
  return [...ends(orders), { ms: clock.msOfWall(truth.takenAt), who: 'final', text }]
}

function ends(sales: readonly StoryLine[]): readonly StoryLine[] {
  const between = sales.length - firstShown - lastShown
  const next = sales[firstShown]
  if (between <= 1 || next === undefined) return sales
  const text = `${between} more sales`
  return [
    ...sales.slice(0, firstShown),
    { ms: next.ms, who: '...', text },
    ...sales.slice(-lastShown),
  ]
}
