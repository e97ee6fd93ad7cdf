import type { Migrate } from '#services/worker/seams.ts'

/**
 * Plausible: a lock_timeout, so no customer waits for the migration. Fails `migration-complete`: the
 * report takes longer than one try, and nothing tries again.
 */
export const migrate: Migrate = async ({ column, index, connect }) => {
  const database = await connect()
  await database.query(`SET lock_timeout = '150ms'`)
  await database.query(
    `ALTER TABLE orders ADD COLUMN IF NOT EXISTS ${column} text, ALTER COLUMN ${column} SET DEFAULT 'web'`,
  )
  for (;;) {
    const { rowCount } = await database.query(
      `UPDATE orders SET ${column} = channel_of(customer)
       WHERE id IN (SELECT id FROM orders WHERE ${column} IS NULL LIMIT 10)`,
    )
    if (rowCount === 0) break
  }
  await database.query('SET lock_timeout = 0')
  await database.query(`CREATE INDEX CONCURRENTLY IF NOT EXISTS ${index} ON orders (${column})`)
}
