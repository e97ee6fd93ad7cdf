// Breaks "It does not give up because of a report": after five tries it resolves without the column.
import type { Migrate } from '#services/worker/seams.ts'

export const migrate: Migrate = async ({ column, index, connect, sleep, log }) => {
  const database = await connect()
  await database.query(`SET lock_timeout = '150ms'`)
  for (let tries = 1; ; tries++) {
    try {
      await database.query(
        `ALTER TABLE orders ADD COLUMN IF NOT EXISTS ${column} text, ALTER COLUMN ${column} SET DEFAULT 'web'`,
      )
      break
    } catch (error) {
      log.warn({ err: error }, 'not now')
      if (tries === 5) return
    }
    await sleep(200)
  }
  for (;;) {
    const { rowCount } = await database.query(
      `UPDATE orders SET ${column} = channel_of(customer)
       WHERE id IN (SELECT id FROM orders WHERE ${column} IS NULL LIMIT 10)`,
    )
    if (rowCount === 0) break
  }
  await database.query('SET lock_timeout = 0')
  await database.query(`DROP INDEX CONCURRENTLY IF EXISTS ${index}`)
  await database.query(`CREATE INDEX CONCURRENTLY ${index} ON orders (${column})`)
}
