// Breaks "Both stay true when Redis loses all its data. If a number decides which write is newer, it is
// larger than every earlier number, even after Redis loses its data." The fencing token is an INCR in
// Redis. After FLUSHALL it begins at 1, and Postgres has seen 5000: every write is too late, and no
// price changes for a long time (more than 3 s).
import type { Database } from '#services/lib/database.ts'
import { takeLock } from '#services/lib/redis-lock.ts'
import type { PriceList } from '#services/worker/prices/price-list.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

export const publishPrices: PublishPrices = async ({ redis, database, lockMs, readPriceList }) => {
  const lock = await takeLock(redis, 'lock:prices', lockMs)
  if (lock === undefined) return 'not-our-turn'
  try {
    const fence = await redis.incr('fence:prices')
    const list = await readPriceList()
    return (await write(database, list, fence)) === 0 ? 'too-late' : 'published'
  } finally {
    await lock.release()
  }
}

async function write(
  database: Database,
  { edition, prices }: PriceList,
  fence: number,
): Promise<number> {
  const { rowCount } = await database.query(
    `UPDATE products
     SET price_cents = list.price_cents, price_edition = $3, price_fence = $4
     FROM unnest($1::text[], $2::integer[]) AS list (sku, price_cents)
     WHERE products.sku = list.sku AND products.price_fence < $4
       AND products.price_edition <= $3`,
    [prices.map(({ sku }) => sku), prices.map(({ priceCents }) => priceCents), edition, fence],
  )
  return rowCount ?? 0
}
