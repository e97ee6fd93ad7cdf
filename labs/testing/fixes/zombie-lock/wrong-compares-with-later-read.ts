// Breaks: "It does not matter how long a process was paused, at which line".
// When: the worker is paused between the two reads, after it has the list and before it reads what is published (or its
// SELECT is in flight): it then reads the NEW edition, finds it unchanged at the UPDATE, and overwrites it with its old list.
// A pause or a late message at the UPDATE (the story) is detected.
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

/** Compare and set: a product that somebody else has changed meanwhile stays as it is. */
async function write(database: Database, { edition, prices }: PriceList): Promise<number> {
  const { rows } = await database.query<{ sku: string; edition: string | null }>(
    'SELECT sku, price_edition::text AS edition FROM products WHERE sku = ANY ($1)',
    [prices.map(({ sku }) => sku)],
  )
  const published = new Map(rows.map((row) => [row.sku, row.edition]))
  const { rowCount } = await database.query(
    `UPDATE products
     SET price_cents = list.price_cents, price_edition = $3
     FROM unnest($1::text[], $2::integer[], $4::bigint[]) AS list (sku, price_cents, seen)
     WHERE products.sku = list.sku AND products.price_edition IS NOT DISTINCT FROM list.seen`,
    [
      prices.map(({ sku }) => sku),
      prices.map(({ priceCents }) => priceCents),
      edition,
      prices.map(({ sku }) => published.get(sku) ?? null),
    ],
  )
  return rowCount ?? 0
}
