import type { Transaction } from '#services/lib/database.ts'
import { inTransaction } from '#services/lib/transaction.ts'
import type { PriceList } from '#services/worker/prices/price-list.ts'
import type { PublishPrices } from '#services/worker/seams.ts'

/** Any number that no other advisory lock in this database uses. */
const pricesLock = 7_001

/**
 * Right, by another design: Postgres holds the lock, in the transaction that writes the prices. The
 * lock ends with the transaction and not after a fixed time. A worker that loses the lock cannot
 * write, because its transaction is gone too.
 */
export const publishPrices: PublishPrices = async ({ database, readPriceList }) =>
  await inTransaction(database, async (transaction) => {
    const { rows } = await transaction.query<{ ours: boolean }>(
      'SELECT pg_try_advisory_xact_lock($1) AS ours',
      [pricesLock],
    )
    if (rows[0]?.ours !== true) return 'not-our-turn'
    await write(transaction, await readPriceList())
    return 'published'
  })

async function write(transaction: Transaction, { edition, prices }: PriceList): Promise<void> {
  await transaction.query(
    `UPDATE products
     SET price_cents = list.price_cents, price_edition = $3
     FROM unnest($1::text[], $2::integer[]) AS list (sku, price_cents)
     WHERE products.sku = list.sku`,
    [prices.map(({ sku }) => sku), prices.map(({ priceCents }) => priceCents), edition],
  )
}
