import type { Migrate } from '#services/worker/seams.ts'

/**
 * Plausible: what blocks the migration is ended, so it gets the table at once. Fails
 * `report-finished`: the report of the accountants never arrives.
 */
export const migrate: Migrate = async ({ column, index, connect, sleep }) => {
  const database = await connect()
  const helper = await connect()
  const { rows } = await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  await database.query(`SET lock_timeout = '500ms'`)
  const altered = database.query(
    `ALTER TABLE orders ADD COLUMN IF NOT EXISTS ${column} text, ALTER COLUMN ${column} SET DEFAULT 'web'`,
  )
  await sleep(100)
  await helper.query('SELECT pg_terminate_backend(pid) FROM unnest(pg_blocking_pids($1)) AS pid', [
    rows[0]?.pid,
  ])
  await altered
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
