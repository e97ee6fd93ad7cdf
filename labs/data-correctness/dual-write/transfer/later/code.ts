import type { Pool, PoolClient } from 'pg'

async function transaction(db: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await db.connect()
  try {
    await client.query('BEGIN')
    await work(client)
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    // Without the connection, Postgres rolls back.
    client.release(true)
    throw error
  }
}

export async function leave(db: Pool, employee: string, badge: string): Promise<void> {
  await transaction(db, async (client) => {
    await client.query('UPDATE employees SET left_at = now() WHERE id = $1', [employee])
    await client.query('INSERT INTO outbox (badge) VALUES ($1)', [badge])
  })
}

export async function relay(db: Pool, doors: { disable(badge: string): Promise<void> }) {
  await transaction(db, async (client) => {
    const { rows } = await client.query(
      'SELECT id, badge FROM outbox ORDER BY id LIMIT 10 FOR UPDATE SKIP LOCKED',
    )
    for (const { id, badge } of rows) {
      await doors.disable(badge)
      await client.query('DELETE FROM outbox WHERE id = $1', [id])
    }
  })
}
