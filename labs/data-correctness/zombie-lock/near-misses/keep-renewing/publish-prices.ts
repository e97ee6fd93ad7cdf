import { randomUUID } from 'node:crypto'

import type { Database } from '#services/lib/database.ts'
import type { PriceList } from '#services/worker/prices/price-list.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

const key = 'lock:prices'
const releaseIfOurs = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`
const renewIfOurs = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`

/**
 * Plausible: it renews the lock while it works, like the watchdog of a lock library. Fails
 * `prices-never-go-back`: a paused process renews nothing, and that is exactly when it needs the
 * lock.
 */
export const publishPrices: PublishPrices = async ({ redis, database, lockMs, readPriceList }) => {
  const token = randomUUID()
  if ((await redis.set(key, token, 'PX', lockMs, 'NX')) === null) return 'not-our-turn'
  const watchdog = setInterval(() => {
    redis.eval(renewIfOurs, 1, key, token, lockMs).catch(() => {})
  }, lockMs / 3)
  try {
    const list = await readPriceList()
    return (await write(database, list)) === 0 ? 'too-late' : 'published'
  } finally {
    clearInterval(watchdog)
    await redis.eval(releaseIfOurs, 1, key, token)
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
