import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount } from './lib/format.ts'
import { noParams } from './lib/params.ts'

const name = 'stock-conserved'
const title = 'stock adds up'

/** Orders in these states hold no stock: they never got it, or it was given back. */
const without: ReadonlySet<string> = new Set(['sold-out', 'rejected', 'refunded'])

/** Nothing is sold that was not there, and nothing vanishes: what is left and what orders hold is what there was. */
export const stockConserved = defineCheck({
  name,
  safety: true,
  description:
    'For every product, stock left plus what live orders hold is the initial stock, and stock is never negative.',
  params: noParams,
  judge({ truth }) {
    if (truth.orders.length === 0)
      return inconclusiveResult(name, title, 'No order was placed, so no stock moved.')
    const holding = Map.groupBy(
      truth.orders.filter(({ status }) => !without.has(status)),
      ({ sku }) => sku,
    )
    const touched = truth.products.filter(
      ({ sku, stock, initialStock }) => holding.has(sku) || stock !== initialStock,
    )
    const offenders = touched.flatMap(({ sku, stock, initialStock }) => {
      const held = (holding.get(sku) ?? []).reduce((sum, { quantity }) => sum + quantity, 0)
      if (stock >= 0 && stock + held === initialStock) return []
      const sum = `${stock} left and ${held} in orders, of ${initialStock}`
      const actual = held > initialStock ? `oversold: ${sum}` : sum
      return [{ id: sku, expected: `stock and orders add up to ${initialStock}`, actual }]
    })
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `Stock adds up for ${formatCount(touched.length, 'product')} and ${formatCount(truth.orders.length, 'order')}.`,
      violated: `Stock does not add up for ${formatCount(offenders.length, 'product')}.`,
    })
  },
})
