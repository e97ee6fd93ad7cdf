import type { Migrate, MigrationConnection, MigrationDesk } from '#services/worker/seams.ts'

const batch = 5

/**
 * Looks for transactions that are older than a second, and starts only when there is none. A
 * statement_timeout bounds the wait that remains. The index is built under another name and renamed
 * when it is valid.
 */
export const migrate: Migrate = async (desk) => {
  const { column, index } = desk
  const database = await desk.connect()
  await gently(desk, database, async () => {
    await database.query(`ALTER TABLE orders ADD COLUMN IF NOT EXISTS ${column} text`)
  })
  // Until here a new order has no channel: it counts as an old one.
  await gently(desk, database, async () => {
    await database.query(`ALTER TABLE orders ALTER COLUMN ${column} SET DEFAULT 'web'`)
  })
  let last = batch
  while (last > 0)
    last = await gently(desk, database, async () => {
      const { rows } = await database.query(
        `WITH old AS (SELECT id FROM orders WHERE ${column} IS NULL ORDER BY id LIMIT ${batch} FOR UPDATE)
         UPDATE orders SET ${column} = channel_of(customer) FROM old WHERE orders.id = old.id
         RETURNING orders.id`,
      )
      return rows.length
    })
  const { rows } = await database.query('SELECT to_regclass($1) AS found', [index])
  if ((rows[0] as { found: unknown }).found !== null) return
  await database.query('SET statement_timeout = 0')
  await database.query(`DROP INDEX CONCURRENTLY IF EXISTS ${index}_new`)
  await database.query(`CREATE INDEX CONCURRENTLY ${index}_new ON orders (${column})`)
  await gently(desk, database, async () => {
    await database.query(`ALTER INDEX ${index}_new RENAME TO ${index}`)
  })
}

async function gently<T>(
  { sleep }: MigrationDesk,
  database: MigrationConnection,
  step: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      await database.query('SET statement_timeout = 300')
      if (!(await hasOldTransactions(database))) return await step()
    } catch (error) {
      if ((error as { code?: string }).code !== '57014') throw error
    }
    await sleep(250)
  }
}

async function hasOldTransactions(database: MigrationConnection): Promise<boolean> {
  const { rows } = await database.query(
    `SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND backend_type = 'client backend' AND xact_start < clock_timestamp() - interval '1 second'
     LIMIT 1`,
  )
  return rows.length > 0
}
