// Breaks: "new prices keep coming" and "Every price gets a newer edition within 3 s".
// When: one round fails after the lock was taken (a timeout of Postgres, a cut connection, readPriceList rejects): the
// heartbeat is not stopped and the lock is not given back, so this process renews it for ever. Both workers get
// `not-our-turn` from then on, and prices stay as they are until that process restarts. No price goes back, and rounds
// without an error are right, also with a pause (the story).
import type { Database } from '#services/lib/database.ts'
import { takeLock } from '#services/lib/redis-lock.ts'
import type { PriceList } from '#services/worker/prices/price-list.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

export const publishPrices: PublishPrices = async ({ redis, database, lockMs, readPriceList }) => {
  const lock = await takeLock(redis, 'lock:prices', lockMs)
  if (lock === undefined) return 'not-our-turn'
  // Keep the lock for as long as this round takes.
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
  // In case we were frozen nevertheless: the edition is checked where the write arrives.
  const { rowCount } = await database.query(
    `UPDATE products
     SET price_cents = list.price_cents, price_edition = $3
     FROM unnest($1::text[], $2::integer[]) AS list (sku, price_cents)
     WHERE products.sku = list.sku AND COALESCE(products.price_edition, 0) < $3`,
    [prices.map(({ sku }) => sku), prices.map(({ priceCents }) => priceCents), edition],
  )
  return rowCount ?? 0
}
