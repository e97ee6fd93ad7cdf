import type { Database } from '#services/lib/database.ts'
import { takeLock } from '#services/lib/redis-lock.ts'
import type { PriceList } from '#services/worker/prices/price-list.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

/**
 * Renews the lock until the round ends. Breaks "new prices keep coming": a round that fails stops
 * neither the renewal nor the lock, so no worker can publish any more.
 */
export const publishPrices: PublishPrices = async ({ redis, database, lockMs, readPriceList }) => {
  const lock = await takeLock(redis, 'lock:prices', lockMs)
  if (lock === undefined) return 'not-our-turn'
  const heartbeat = setInterval(() => {
    redis.pexpire('lock:prices', lockMs).catch(() => undefined)
  }, lockMs / 3)
  const list = await readPriceList()
  const written = await write(database, list)
  clearInterval(heartbeat)
  await lock.release()
  return written === 0 ? 'too-late' : 'published'
}

async function write(database: Database, { edition, prices }: PriceList): Promise<number> {
  const { rowCount } = await database.query(
    `UPDATE products
     SET price_cents = list.price_cents, price_edition = $3
     FROM unnest($1::text[], $2::integer[]) AS list (sku, price_cents)
     WHERE products.sku = list.sku AND COALESCE(products.price_edition, 0) < $3`,
    [prices.map(({ sku }) => sku), prices.map(({ priceCents }) => priceCents), edition],
  )
  return rowCount ?? 0
}
