import type { Database } from '#services/lib/database.ts'
import { takeLock } from '#services/lib/redis-lock.ts'
import type { PriceList } from '#services/worker/prices/price-list.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

/** Longer than any pause of a worker that was ever measured. */
const surelyLongEnoughMs = 30_000

/**
 * Plausible: the lock expired too early, so it now lives longer than any pause. Fails
 * `prices-stay-fresh`: when its holder dies, no worker can publish until it expires. No time is
 * longer than every pause and shorter than every outage.
 */
export const publishPrices: PublishPrices = async ({ redis, database, readPriceList }) => {
  const lock = await takeLock(redis, 'lock:prices', surelyLongEnoughMs)
  if (lock === undefined) return 'not-our-turn'
  try {
    const list = await readPriceList()
    return (await write(database, list)) === 0 ? 'too-late' : 'published'
  } finally {
    await lock.release()
  }
}

async function write(database: Database, { edition, prices }: PriceList): Promise<number> {
  const { rowCount } = await database.query(
    `UPDATE products
     SET price_cents = list.price_cents, price_edition = $3
     FROM unnest($1::text[], $2::integer[]) AS list (sku, price_cents)
     WHERE products.sku = list.sku`,
    [prices.map(({ sku }) => sku), prices.map(({ priceCents }) => priceCents), edition],
  )
  return rowCount ?? 0
}
