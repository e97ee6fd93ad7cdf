// Breaks "It does not matter how long a process was paused, at which line, and how late its messages
// arrive." The token says who took the lock later, not who read the list later. Worker 1 gets token 5
// and is paused before it reads; worker 2 gets token 6, reads edition 16, and its UPDATE is late;
// worker 1 resumes, reads edition 17 and writes it (5); then 6 arrives and sets edition 16 again.
import type { Database } from '#services/lib/database.ts'
import { takeLock } from '#services/lib/redis-lock.ts'
import type { PriceList } from '#services/worker/prices/price-list.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

export const publishPrices: PublishPrices = async ({ redis, database, lockMs, readPriceList }) => {
  const lock = await takeLock(redis, 'lock:prices', lockMs)
  if (lock === undefined) return 'not-our-turn'
  try {
    const { rows } = await database.query<{ fence: string }>(
      "SELECT nextval('price_fences') AS fence",
    )
    const list = await readPriceList()
    return (await write(database, list, rows[0]?.fence)) === 0 ? 'too-late' : 'published'
  } finally {
    await lock.release()
  }
}

async function write(
  database: Database,
  { edition, prices }: PriceList,
  fence: string | undefined,
): Promise<number> {
  const { rowCount } = await database.query(
    `UPDATE products
     SET price_cents = list.price_cents, price_edition = $3, price_fence = $4
     FROM unnest($1::text[], $2::integer[]) AS list (sku, price_cents)
     WHERE products.sku = list.sku AND products.price_fence < $4`,
    [prices.map(({ sku }) => sku), prices.map(({ priceCents }) => priceCents), edition, fence],
  )
  return rowCount ?? 0
}
