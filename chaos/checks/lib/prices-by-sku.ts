import type { PriceEventRow } from '#chaos/contracts/truth.ts'

export interface PriceTrail {
  readonly sku: string
  /** The name under which it is reported. */
  readonly id: string
  /** In the order in which they were written. */
  readonly events: readonly PriceEventRow[]
}

const prefix = 'price of '

/** What was written as the price of each product. */
export function pricesBySku(events: readonly PriceEventRow[]): readonly PriceTrail[] {
  return [...Map.groupBy(events, ({ sku }) => sku)].map(([sku, trail]) => ({
    sku,
    id: `${prefix}${sku}`,
    events: trail,
  }))
}

/** The trail that is reported under this name, if it is one's. */
export function findPriceTrail(
  events: readonly PriceEventRow[],
  id: string,
): PriceTrail | undefined {
  return pricesBySku(events).find((trail) => trail.id === id)
}
