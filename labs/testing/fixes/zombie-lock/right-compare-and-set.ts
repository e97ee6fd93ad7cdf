// Right: optimistic. It reads what is published BEFORE it reads the list, refuses a list that is not newer, and the one
// UPDATE writes only rows that still have the edition that was seen. However late it arrives, a row that was changed since
// then is not touched; and as what was seen is older than the list, no older price can overwrite a newer one.
import type { Database } from '#services/lib/database.ts'
import { takeLock } from '#services/lib/redis-lock.ts'
import type { PriceList } from '#services/worker/prices/price-list.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

export const publishPrices: PublishPrices = async ({ redis, database, lockMs, readPriceList }) => {
  const lock = await takeLock(redis, 'lock:prices', lockMs)
  if (lock === undefined) return 'not-our-turn'
  try {
    const published = await readEditions(database)
    const list = await readPriceList()
    return (await write(database, list, published)) === 0 ? 'too-late' : 'published'
  } finally {
    await lock.release()
  }
}

async function readEditions(database: Database): Promise<ReadonlyMap<string, string | null>> {
  const { rows } = await database.query<{ sku: string; edition: string | null }>(
    'SELECT sku, price_edition::text AS edition FROM products',
  )
  return new Map(rows.map(({ sku, edition }) => [sku, edition]))
}

async function write(
  database: Database,
  { edition, prices }: PriceList,
  published: ReadonlyMap<string, string | null>,
): Promise<number> {
  const newer = prices.filter(({ sku }) => {
    const seen = published.get(sku)
    return seen !== undefined && (seen === null || Number(seen) < edition)
  })
  if (newer.length === 0) return 0
  const { rowCount } = await database.query(
    `UPDATE products
     SET price_cents = list.price_cents, price_edition = $3
     FROM unnest($1::text[], $2::integer[], $4::bigint[]) AS list (sku, price_cents, seen)
     WHERE products.sku = list.sku AND products.price_edition IS NOT DISTINCT FROM list.seen`,
    [
      newer.map(({ sku }) => sku),
      newer.map(({ priceCents }) => priceCents),
      edition,
      newer.map(({ sku }) => published.get(sku) ?? null),
    ],
  )
  return rowCount ?? 0
}
