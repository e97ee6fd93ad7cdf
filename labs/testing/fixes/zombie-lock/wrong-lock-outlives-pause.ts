// Breaks: "It does not matter how long a process was paused, at which line, and how late its messages arrive."
// When: a worker is paused, or its UPDATE is in flight, for longer than the two seconds guessed from the story (1.5 s and
// 1.2 s), or Redis loses the lock meanwhile: the other worker publishes, then the old UPDATE arrives, and customers see the
// old price again. The story's own numbers survive, and a dead holder costs two seconds (3 s are allowed).
import type { Database } from '#services/lib/database.ts'
import { takeLock } from '#services/lib/redis-lock.ts'
import type { PriceList } from '#services/worker/prices/price-list.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

/** Longer than any pause that we have seen. */
const lockMsMin = 2_000

export const publishPrices: PublishPrices = async ({ redis, database, lockMs, readPriceList }) => {
  const lock = await takeLock(redis, 'lock:prices', Math.max(lockMs, lockMsMin))
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
