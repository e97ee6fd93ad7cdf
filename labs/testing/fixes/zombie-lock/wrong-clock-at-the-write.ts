// Breaks "It does not matter how long a process was paused, at which line". The number that decides is
// the clock when the UPDATE is sent. A worker that is paused between reading the list and this line
// resumes, stamps its old list with a new time, and overwrites newer prices. (Paused with the UPDATE
// in flight, as in the story, it is refused.)
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
  // Needs no store: time never goes back, so a late message carries a smaller number.
  const fence = Date.now()
  const { rowCount } = await database.query(
    `UPDATE products
     SET price_cents = list.price_cents, price_edition = $3, price_fence = $4
     FROM unnest($1::text[], $2::integer[]) AS list (sku, price_cents)
     WHERE products.sku = list.sku AND products.price_fence < $4`,
    [prices.map(({ sku }) => sku), prices.map(({ priceCents }) => priceCents), edition, fence],
  )
  return rowCount ?? 0
}
