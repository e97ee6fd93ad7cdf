// The index is always dropped first, so it never has to be examined.
import type { Migrate, MigrationDesk } from '#services/worker/seams.ts'

export const migrate: Migrate = async (desk) => {
  const { column, index } = desk
  const database = await desk.connect()
  await database.query(`SET lock_timeout = '100ms'`)
  await again(desk, async () => {
    await database.query(`ALTER TABLE orders ADD COLUMN IF NOT EXISTS ${column} text, ALTER COLUMN ${column} SET DEFAULT 'web'`)
  })
  await again(desk, async () => {
    let count: number | null = 1
    while (count !== 0) {
      const updated = await database.query(
        `UPDATE orders SET ${column} = channel_of(customer)
         WHERE id IN (SELECT id FROM orders WHERE ${column} IS NULL LIMIT 10)`,
      )
      count = updated.rowCount
    }
  })
  await database.query('SET lock_timeout = 0')
  await again(desk, async () => {
    await database.query(`DROP INDEX CONCURRENTLY IF EXISTS ${index}`)
    await database.query(`CREATE INDEX CONCURRENTLY ${index} ON orders (${column})`)
  })
}

async function again(desk: MigrationDesk, step: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await step()
    } catch (error) {
      if (!['55P03', '40P01', '57014'].includes((error as { code?: string }).code ?? '')) throw error
    }
    await desk.sleep(300)
  }
}
