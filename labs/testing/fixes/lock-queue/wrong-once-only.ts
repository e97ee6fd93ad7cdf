// Breaks "A lost connection or a restart of the worker calls it again, and it completes what is missing": ADD COLUMN without
// IF NOT EXISTS fails at the second call.
import type { Migrate } from '#services/worker/seams.ts'

export const migrate: Migrate = async ({ column, index, connect, sleep }) => {
  const database = await connect()
  await database.query(`SET lock_timeout = '150ms'`)
  for (;;) {
    try {
      await database.query(`ALTER TABLE orders ADD COLUMN ${column} text`)
      break
    } catch (error) {
      if ((error as { code?: string }).code !== '55P03') throw error
    }
    await sleep(300)
  }
  for (;;) {
    try {
      await database.query(`ALTER TABLE orders ALTER COLUMN ${column} SET DEFAULT 'web'`)
      break
    } catch (error) {
      if ((error as { code?: string }).code !== '55P03') throw error
    }
    await sleep(300)
  }
  for (;;) {
    const { rowCount } = await database.query(
      `UPDATE orders SET ${column} = channel_of(customer)
       WHERE id IN (SELECT id FROM orders WHERE ${column} IS NULL LIMIT 10)`,
    )
    if (rowCount === 0) break
  }
  await database.query('SET lock_timeout = 0')
  await database.query(`CREATE INDEX CONCURRENTLY ${index} ON orders (${column})`)
}
