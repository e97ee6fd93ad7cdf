import type { Migrate } from '#services/worker/seams.ts'

/**
 * Plausible: a lock_timeout, and the whole migration again until it succeeds; in one transaction, so
 * it is complete or absent. Fails `availability`: from ALTER TABLE until COMMIT no other session
 * uses the table, and the old orders take seconds.
 */
export const migrate: Migrate = async ({ column, index, connect, sleep, log }) => {
  const database = await connect()
  await database.query(`SET lock_timeout = '150ms'`)
  for (;;) {
    try {
      await database.query('BEGIN')
      await database.query(`ALTER TABLE orders ADD COLUMN ${column} text`)
      await database.query(`UPDATE orders SET ${column} = channel_of(customer)`)
      await database.query(`ALTER TABLE orders ALTER COLUMN ${column} SET DEFAULT 'web'`)
      await database.query(`CREATE INDEX ${index} ON orders (${column})`)
      await database.query('COMMIT')
      return
    } catch (error) {
      if ((error as { code?: string }).code !== '55P03') throw error
      log.info({ err: error }, 'the migration tries again')
      await database.query('ROLLBACK')
    }
    await sleep(500)
  }
}
