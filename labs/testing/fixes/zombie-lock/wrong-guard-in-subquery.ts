// Breaks: "An older price never overwrites a newer one" - "It does not matter ... how late its messages arrive."
// When: the late UPDATE arrives while the newer one is executed but not committed: the subquery sees the snapshot from
// before, then the statement waits for the rows, and after the newer COMMIT Postgres looks at `sku` again, but does not run
// the subquery again: the old prices are written over the new ones. A late UPDATE that meets no other (the story) is refused.
import type { Database } from '#services/lib/database.ts'
import { takeLock } from '#services/lib/redis-lock.ts'
import type { PriceList } from '#services/worker/prices/price-list.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

export const publishPrices: PublishPrices = async ({ redis, database, lockMs, readPriceList }) => {
  const lock = await takeLock(redis, 'lock:prices', lockMs)
  if (lock === undefined) return 'not-our-turn'
  try {
    const list = await readPriceList()
    return (await write(database, list)) === 0 ? 'too-late' : 'published'
  } finally {
    await lock.release()
  }
}

async function write(database: Database, { edition, prices }: PriceList): Promise<number> {
  // All or nothing: only if no product has this edition or a later one.
  const { rowCount } = await database.query(
    `UPDATE products
     SET price_cents = list.price_cents, price_edition = $3
     FROM unnest($1::text[], $2::integer[]) AS list (sku, price_cents)
     WHERE products.sku = list.sku
       AND (SELECT COALESCE(max(price_edition), 0) FROM products) < $3`,
    [prices.map(({ sku }) => sku), prices.map(({ priceCents }) => priceCents), edition],
  )
  return rowCount ?? 0
}
