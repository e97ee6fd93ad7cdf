// Breaks: "The prices of one list are published together" and "Every price gets a newer edition within 3 s".
// When: an order (or anything else) holds the row of a product at that moment: this product is left out, all others get the
// new prices. Customers see a mix of two lists; a product that is in demand all the time, or locked for long, keeps its old
// price for as long. No price goes back, and without orders at that moment it is right.
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
  // Only what is older than this list; never wait for an order, and never in a deadlock with one.
  const { rowCount } = await database.query(
    `UPDATE products
     SET price_cents = list.price_cents, price_edition = $3
     FROM unnest($1::text[], $2::integer[]) AS list (sku, price_cents)
     WHERE products.sku = list.sku
       AND products.sku IN (
         SELECT older.sku FROM products AS older
         WHERE COALESCE(older.price_edition, 0) < $3
         ORDER BY older.sku
         FOR UPDATE SKIP LOCKED
       )`,
    [prices.map(({ sku }) => sku), prices.map(({ priceCents }) => priceCents), edition],
  )
  return rowCount ?? 0
}
