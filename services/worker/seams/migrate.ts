import { isLostConnection, isTransientDatabaseError } from '#services/lib/database-refusal.ts'

import type { Migrate, MigrationConnection, MigrationDesk } from '../seams.ts'

/** How long the statements of customers may wait behind a statement of the migration. */
const lockTimeout = '150ms'
/** Long enough for the customers who waited. */
const retryAfterMs = 500
const batch = 10

/**
 * Every step is short and can be repeated. A statement that needs the table for itself leaves the
 * lock queue soon and comes back later: what waits behind it continues meanwhile. The index is built
 * next to the table, so only the migration waits for it.
 */
export const migrate: Migrate = async (desk) => {
  const { column } = desk
  const database = await desk.connect()
  await again(desk, async () => {
    await database.query(`SET lock_timeout = '${lockTimeout}'`)
    await database.query(
      `ALTER TABLE orders ADD COLUMN IF NOT EXISTS ${column} text, ALTER COLUMN ${column} SET DEFAULT 'web'`,
    )
  })
  await again(desk, async () => await fillColumn(desk, database))
  await again(desk, async () => await buildIndex(desk, database))
}

/** Repeats a step that another session is in the way of. */
async function again(desk: MigrationDesk, step: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await step()
    } catch (error) {
      if (!isTransientDatabaseError(error) || isLostConnection(error)) throw error
      desk.log.info({ err: error }, 'the migration tries again')
    }
    await desk.sleep(retryAfterMs * (0.75 + Math.random() / 2))
  }
}

/** Each batch is a transaction of its own: a customer waits at most as long as one of them takes. */
async function fillColumn(
  { column, sleep }: MigrationDesk,
  database: MigrationConnection,
): Promise<void> {
  for (;;) {
    const { rowCount } = await database.query(
      `UPDATE orders SET ${column} = channel_of(customer)
       WHERE id IN (
         SELECT id FROM orders WHERE ${column} IS NULL LIMIT ${batch} FOR UPDATE SKIP LOCKED
       )`,
    )
    if (rowCount !== 0) continue
    const left = await database.query(`SELECT FROM orders WHERE ${column} IS NULL LIMIT 1`)
    if (left.rowCount === 0) return
    // Only orders that are being processed are left.
    await sleep(retryAfterMs)
  }
}

/** After a failed build the index exists without being valid, and IF NOT EXISTS would accept it. */
async function buildIndex(
  { column, index }: MigrationDesk,
  database: MigrationConnection,
): Promise<void> {
  const { rows } = await database.query<{ valid: boolean }>(
    'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)',
    [index],
  )
  if (rows[0]?.valid === true) return
  // It waits for older transactions, and no other statement waits for it.
  await database.query('SET lock_timeout = 0')
  if (rows.length > 0) await database.query(`DROP INDEX CONCURRENTLY IF EXISTS ${index}`)
  await database.query(`CREATE INDEX CONCURRENTLY ${index} ON orders (${column})`)
}
