import type { Database } from '#services/lib/database.ts'
import { takeLock } from '#services/lib/redis-lock.ts'

import type { PriceList } from '../prices/price-list.ts'
import type { PublishPrices } from '../seams.ts'

/**
 * The lock keeps the workers from doing the same work. It cannot stop a worker that was paused and
 * writes late. So each worker takes a number before it reads the list, and the row refuses a number
 * lower than the one it has seen. A worker with a lower number can still read a later list, if two
 * workers are late. So the row also refuses an earlier edition than its own.
 */
export const publishPrices: PublishPrices = async ({ redis, database, lockMs, readPriceList }) => {
  const lock = await takeLock(redis, 'lock:prices', lockMs)
  if (lock === undefined) return 'not-our-turn'
  try {
    const fence = await takeFence(database)
    const list = await readPriceList()
    return (await write(database, list, fence)) === 0 ? 'too-late' : 'published'
  } finally {
    await lock.release()
  }
}

async function takeFence(database: Database): Promise<string> {
  const { rows } = await database.query<{ fence: string }>(
    `SELECT nextval('price_fences') AS fence`,
  )
  return rows[0]?.fence ?? '0'
}

async function write(
  database: Database,
  { edition, prices }: PriceList,
  fence: string,
): Promise<number> {
  const { rowCount } = await database.query(
    `UPDATE products
     SET price_cents = list.price_cents, price_edition = $3, price_fence = $4
     FROM unnest($1::text[], $2::integer[]) AS list (sku, price_cents)
     WHERE products.sku = list.sku AND price_fence < $4
       AND price_edition <= $3`,
    [prices.map(({ sku }) => sku), prices.map(({ priceCents }) => priceCents), edition, fence],
  )
  return rowCount ?? 0
}
