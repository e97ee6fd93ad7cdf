import type { Migrate } from '#services/worker/seams.ts'

/**
 * Task: the migration completes while a report reads the table and customers place orders. Change
 * this file only.
 */
export const migrate: Migrate = async ({ column, index, connect }) => {
  const database = await connect()
  await database.query('BEGIN')
  await database.query(`ALTER TABLE orders ADD COLUMN ${column} text`)
  await database.query(`UPDATE orders SET ${column} = channel_of(customer)`)
  await database.query(`ALTER TABLE orders ALTER COLUMN ${column} SET DEFAULT 'web'`)
  await database.query(`CREATE INDEX ${index} ON orders (${column})`)
  await database.query('COMMIT')
}
