export interface PriceList {
  /** A later list has a higher number. */
  readonly edition: number
  readonly prices: readonly { readonly sku: string; readonly priceCents: number }[]
}

/** The same prices as in the shop's seed. */
const basePriceCents: Readonly<Record<string, number>> = {
  tea: 450,
  coffee: 995,
  mug: 1_200,
  teapot: 3_900,
  kettle: 5_900,
  grinder: 8_900,
  limited: 15_000,
}

/**
 * The head office's price list: a new edition every `editionMs`, with prices slightly above or
 * below the base price.
 */
export function priceListAt(wallTimeMs: number, editionMs: number): PriceList {
  const edition = Math.floor(wallTimeMs / editionMs)
  const percent = 95 + (edition % 11)
  return {
    edition,
    prices: Object.entries(basePriceCents).map(([sku, cents]) => ({
      sku,
      priceCents: Math.round((cents * percent) / 100),
    })),
  }
}
