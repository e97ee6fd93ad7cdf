import type { Migrate, MigrationDesk } from '#services/worker/seams.ts'

/**
 * Plausible: small steps, a lock_timeout for each, and again until it succeeds. Fails
 * `contract`: the index also waits for reports. Its lock_timeout leaves an index that is
 * not valid, and IF NOT EXISTS accepts it at the next try.
 */
export const migrate: Migrate = async (desk) => {
  const { column, index } = desk
  const database = await desk.connect()
  await database.query(`SET lock_timeout = '150ms'`)
  await again(desk, async () => {
    await database.query(
      `ALTER TABLE orders ADD COLUMN IF NOT EXISTS ${column} text, ALTER COLUMN ${column} SET DEFAULT 'web'`,
    )
  })
  await again(desk, async () => {
    for (;;) {
      const { rowCount } = await database.query(
        `UPDATE orders SET ${column} = channel_of(customer)
         WHERE id IN (SELECT id FROM orders WHERE ${column} IS NULL LIMIT 10)`,
      )
      if (rowCount === 0) break
    }
  })
  await again(desk, async () => {
    await database.query(`CREATE INDEX CONCURRENTLY IF NOT EXISTS ${index} ON orders (${column})`)
  })
}

async function again({ sleep, log }: MigrationDesk, step: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await step()
    } catch (error) {
      if ((error as { code?: string }).code !== '55P03') throw error
      log.info({ err: error }, 'the migration tries again')
    }
    await sleep(500)
  }
}
