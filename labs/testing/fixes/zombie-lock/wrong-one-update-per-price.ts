// Breaks: "The prices of one list are published together."
// When: always between the first and the last statement, and for long if the worker is paused or dies, or its connection is
// cut, in the middle: the tea has the price of the new list, the kettle that of the old one. No price ever goes back, so the
// story survives.
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
  let written = 0
  for (const { sku, priceCents } of prices) {
    // The edition is the fencing token: Postgres refuses an older one.
    const { rowCount } = await database.query(
      `UPDATE products SET price_cents = $2, price_edition = $3
       WHERE sku = $1 AND COALESCE(price_edition, 0) < $3`,
      [sku, priceCents, edition],
    )
    written += rowCount ?? 0
  }
  return written
}
