import type { Migrate, MigrationDesk } from '#services/worker/seams.ts'

/**
 * LOCK TABLE ... NOWAIT takes the table only if it is free, and never enters the lock queue. So the
 * migration needs more tries, and no customer waits for one that fails.
 */
export const migrate: Migrate = async (desk) => {
  const { column, index, sleep } = desk
  const database = await desk.connect()
  await untilFree(
    desk,
    async () => {
      await database.query(
        `BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE NOWAIT;
       ALTER TABLE orders ADD COLUMN IF NOT EXISTS ${column} text;
       ALTER TABLE orders ALTER COLUMN ${column} SET DEFAULT 'web';
       COMMIT`,
      )
    },
    async () => void (await database.query('ROLLBACK')),
  )
  await database.query(`SET lock_timeout = '300ms'`)
  const { rows } = await database.query<{ id: string }>(
    `SELECT id FROM orders WHERE ${column} IS NULL`,
  )
  // Each order alone: the longest wait for a customer is the time of one order.
  for (const { id } of rows)
    await untilFree(desk, async () => {
      await database.query(
        `UPDATE orders SET ${column} = channel_of(customer) WHERE id = $1 AND ${column} IS NULL`,
        [id],
      )
    })
  await database.query('SET lock_timeout = 0')
  for (;;) {
    const found = await database.query<{ valid: boolean }>(
      'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)',
      [index],
    )
    if (found.rows[0]?.valid === true) return
    await database.query(`DROP INDEX CONCURRENTLY IF EXISTS ${index}`)
    await database
      .query(`CREATE INDEX CONCURRENTLY ${index} ON orders (${column})`)
      .catch(async (error: unknown) => {
        if (!isBusy(error)) throw error
        await sleep(300)
      })
  }
}

async function untilFree(
  { sleep }: MigrationDesk,
  step: () => Promise<void>,
  cleanUp: () => Promise<void> = async () => {},
): Promise<void> {
  for (;;) {
    try {
      return await step()
    } catch (error) {
      if (!isBusy(error)) throw error
      await cleanUp()
    }
    await sleep(20 + Math.random() * 60)
  }
}

/** Another session has the lock; a deadlock; cancelled. */
function isBusy(error: unknown): boolean {
  return ['55P03', '40P01', '57014'].includes((error as { code?: string }).code ?? '')
}
