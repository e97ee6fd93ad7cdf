import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'

import { defineCheck } from './lib/define-check.ts'

const name = 'stock-conserved'
const title = 'stock and orders add up'

/** Orders with these statuses hold no stock: they never received it. The customer of a refunded order has the goods. */
const without: ReadonlySet<string> = new Set(['sold-out', 'rejected'])

/** The remaining stock plus the stock that orders hold is the initial stock. So nothing is oversold and nothing disappears. */
export const stockConserved = defineCheck({
  name,
  safety: true,
  description:
    'For every product, the remaining stock plus the stock that live orders hold is the initial stock. Stock is never negative.',
  params: noParams,
  judge({ truth }) {
    if (truth.orders.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No order was placed, so no stock moved. Give the workload a rate for orders.',
      )
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
      const sum = `${stock} left and ${held} in orders, ${initialStock} at the start`
      const actual = held > initialStock ? `oversold: ${sum}` : sum
      return [{ id: sku, expected: `stock and orders add up to ${initialStock}`, actual }]
    })
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `Stock and orders add up for ${formatCount(touched.length, 'product')} and ${formatCount(truth.orders.length, 'order')}.`,
      violated: `Stock and orders do not add up for ${offenders.length} of ${formatCount(touched.length, 'product')}.`,
    })
  },
})
