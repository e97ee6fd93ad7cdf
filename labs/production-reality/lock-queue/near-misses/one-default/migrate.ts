import type { Migrate } from '#services/worker/seams.ts'

/**
 * Plausible: Postgres adds a column with a constant default without touching a row, so nothing has
 * to be filled. Fails `migration-complete`: then every old order says that it came from the web.
 */
export const migrate: Migrate = async ({ column, index, connect, sleep, log }) => {
  const database = await connect()
  await database.query(`SET lock_timeout = '150ms'`)
  for (;;) {
    try {
      await database.query(
        `ALTER TABLE orders ADD COLUMN IF NOT EXISTS ${column} text NOT NULL DEFAULT 'web'`,
      )
      break
    } catch (error) {
      if ((error as { code?: string }).code !== '55P03') throw error
      log.info({ err: error }, 'the migration tries again')
    }
    await sleep(500)
  }
  await database.query('SET lock_timeout = 0')
  await database.query(`DROP INDEX CONCURRENTLY IF EXISTS ${index}`)
  await database.query(`CREATE INDEX CONCURRENTLY ${index} ON orders (${column})`)
}
