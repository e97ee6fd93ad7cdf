// Breaks: "It does not matter how long a process was paused, at which line" and "Both stay true when Redis loses all its
// data."
// When: two workers think that they hold the lock within 300 ms: Redis lost its data, or this worker was paused between the
// reply of Redis and the line that takes the time. Both deadlines are in the future, so the older of two lists can still
// arrive last and overwrite the newer one. An UPDATE that is late by more than the lock's lifetime (the story) is refused.
import type { Database } from '#services/lib/database.ts'
import { takeLock } from '#services/lib/redis-lock.ts'
import type { PriceList } from '#services/worker/prices/price-list.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

export const publishPrices: PublishPrices = async ({ redis, database, lockMs, readPriceList }) => {
  const lock = await takeLock(redis, 'lock:prices', lockMs)
  if (lock === undefined) return 'not-our-turn'
  // From then on the lock may belong to another worker.
  const lockEndsAt = new Date(Date.now() + lockMs)
  try {
    const list = await readPriceList()
    return (await write(database, list, lockEndsAt)) === 0 ? 'too-late' : 'published'
  } finally {
    await lock.release()
  }
}

/** Postgres itself checks the lock's lifetime, when the statement arrives. */
async function write(
  database: Database,
  { edition, prices }: PriceList,
  lockEndsAt: Date,
): Promise<number> {
  const { rowCount } = await database.query(
    `UPDATE products
     SET price_cents = list.price_cents, price_edition = $3
     FROM unnest($1::text[], $2::integer[]) AS list (sku, price_cents)
     WHERE products.sku = list.sku AND clock_timestamp() < $4::timestamptz`,
    [
      prices.map(({ sku }) => sku),
      prices.map(({ priceCents }) => priceCents),
      edition,
      lockEndsAt.toISOString(),
    ],
  )
  return rowCount ?? 0
}
