// RIGHT. lock_timeout and a retry for the change of the table, batches that skip locked rows, an index that is built concurrently.
// It finds an index that is not valid by its name.

import { DatabaseError } from 'pg'

import type { Migrate } from '#services/worker/seams.ts'

export const migrate: Migrate = async ({ column, index, connect, sleep }) => {
  const database = await connect()
  await database.query(`SET lock_timeout = '100ms'`)
  for (;;) {
    try {
      await database.query('BEGIN')
      await database.query(`ALTER TABLE orders ADD COLUMN IF NOT EXISTS ${column} text`)
      await database.query(`ALTER TABLE orders ALTER COLUMN ${column} SET DEFAULT 'web'`)
      await database.query('COMMIT')
      break
    } catch (error) {
      await database.query('ROLLBACK')
      if (!(error instanceof DatabaseError) || error.code !== '55P03') throw error
      await sleep(500)
    }
  }
  await database.query('SET lock_timeout = 0')
  for (;;) {
    const { rowCount } = await database.query(
      `UPDATE orders SET ${column} = channel_of(customer) WHERE id IN
         (SELECT id FROM orders WHERE ${column} IS NULL LIMIT 20 FOR UPDATE SKIP LOCKED)`,
    )
    const left = await database.query(`SELECT 1 FROM orders WHERE ${column} IS NULL LIMIT 1`)
    if (rowCount === 0 && left.rowCount === 0) break
    await sleep(50)
  }
  const { rows } = await database.query(
    'SELECT indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relname = $1',
    [index],
  )
  const valid = (rows as { indisvalid: boolean }[])[0]?.indisvalid
  if (valid === false) await database.query(`DROP INDEX CONCURRENTLY ${index}`)
  if (valid !== true)
    await database.query(`CREATE INDEX CONCURRENTLY ${index} ON orders (${column})`)
}
