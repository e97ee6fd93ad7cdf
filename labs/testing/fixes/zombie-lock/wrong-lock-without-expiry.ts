// Breaks: "Every price gets a newer edition within 3 s, even when the holder of the lock is frozen or dead."
// When: the holder is killed between SET and the release (or its release is lost, or it is frozen for longer than 3 s): the
// lock has no lifetime, so nobody ever publishes again. A holder that resumes after 1.5 s, as in the story, is right. If
// Redis loses the lock of a paused holder, an old price overwrites a newer one as well.
import type { Database } from '#services/lib/database.ts'
import type { PriceList } from '#services/worker/prices/price-list.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

import { randomUUID } from 'node:crypto'

const releaseIfOurs = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

export const publishPrices: PublishPrices = async ({ redis, database, readPriceList }) => {
  // The bug was that the lock expired while we still used it: we give it back ourselves.
  const token = randomUUID()
  const taken = await redis.set('lock:prices', token, 'NX')
  if (taken === null) return 'not-our-turn'
  try {
    const list = await readPriceList()
    return (await write(database, list)) === 0 ? 'too-late' : 'published'
  } finally {
    await redis.eval(releaseIfOurs, 1, 'lock:prices', token)
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
