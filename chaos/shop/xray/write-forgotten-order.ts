import { withPostgres } from '#chaos/faults/lib/postgres.ts'

import type { order } from './judge-flow.ts'

/**
 * Writes an order that was placed and confirmed an hour ago, and that no job and no outbox message refers to: the queue has
 * lost it. Throws if Postgres cannot be reached.
 */
export async function writeForgottenOrder(
  databaseUrl: string,
  key: string,
  { sku, quantity, customer }: typeof order,
): Promise<void> {
  await withPostgres(databaseUrl, async (client) => {
    await client.query(
      `WITH taken AS (
         UPDATE products SET stock = stock - $4 WHERE sku = $3 RETURNING price_cents
       )
       INSERT INTO orders (id, client_key, sku, quantity, customer, amount_cents, status, created_at, updated_at)
       SELECT $1, $2, $3, $4, $5, price_cents * $4::integer, 'placed',
              clock_timestamp() - interval '1 hour', clock_timestamp() - interval '1 hour'
       FROM taken`,
      [`${key}.forgot`, key, sku, quantity, customer],
    )
  })
}
