import { randomUUID } from 'node:crypto'

import type { Database } from '#services/lib/database.ts'
import type { PriceList } from '#services/worker/prices/price-list.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

const key = 'lock:prices'
const releaseIfOurs = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

/**
 * Plausible: right before it writes, it checks in Redis that it still holds the lock. Fails
 * `prices-never-go-back`: the reply is true at the moment when Redis sends it, and the UPDATE
 * arrives later.
 */
export const publishPrices: PublishPrices = async ({ redis, database, lockMs, readPriceList }) => {
  const token = randomUUID()
  if ((await redis.set(key, token, 'PX', lockMs, 'NX')) === null) return 'not-our-turn'
  try {
    const list = await readPriceList()
    if ((await redis.get(key)) !== token) return 'too-late'
    return (await write(database, list)) === 0 ? 'too-late' : 'published'
  } finally {
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
