// Right: no lock in Redis at all, so nothing is lost with it. Each worker sends one statement that commits by itself: the
// edition is checked row by row where the write arrives, and a try-lock that lives as long as this statement lets one
// statement at a time do the work (no deadlock between two). A frozen or dead worker holds nothing, wherever it stopped.
import type { Database } from '#services/lib/database.ts'
import type { PriceList } from '#services/worker/prices/price-list.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

export const publishPrices: PublishPrices = async ({ database, readPriceList }) => {
  const list = await readPriceList()
  return (await write(database, list)) === 0 ? 'too-late' : 'published'
}

async function write(database: Database, { edition, prices }: PriceList): Promise<number> {
  const { rowCount } = await database.query(
    `UPDATE products
     SET price_cents = list.price_cents, price_edition = $3
     FROM unnest($1::text[], $2::integer[]) AS list (sku, price_cents)
     WHERE products.sku = list.sku
       AND (products.price_edition IS NULL OR products.price_edition < $3)
       AND (SELECT pg_try_advisory_xact_lock(hashtext('publish-prices')))`,
    [prices.map(({ sku }) => sku), prices.map(({ priceCents }) => priceCents), edition],
  )
  return rowCount ?? 0
}
