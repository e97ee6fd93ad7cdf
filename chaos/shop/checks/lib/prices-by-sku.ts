import type { PriceEventRow } from '../../truth/truth.ts'

export interface PriceTrail {
  readonly sku: string
  /** The id in a check result: `price of tea`. */
  readonly id: string
  /** In the order of the writes. */
  readonly events: readonly PriceEventRow[]
}

const prefix = 'price of '

/** The price writes of each product. */
export function pricesBySku(events: readonly PriceEventRow[]): readonly PriceTrail[] {
  return [...Map.groupBy(events, ({ sku }) => sku)].map(([sku, trail]) => ({
    sku,
    id: `${prefix}${sku}`,
    events: trail,
  }))
}

/** The price writes with this id. Undefined if the id does not belong to a price. */
export function findPriceTrail(
  events: readonly PriceEventRow[],
  id: string,
): PriceTrail | undefined {
  return pricesBySku(events).find((trail) => trail.id === id)
}
