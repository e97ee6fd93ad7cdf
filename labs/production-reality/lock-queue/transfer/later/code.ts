import type { FastifyInstance } from 'fastify'
import type { Pool, PoolClient } from 'pg'

export async function refreshRooms(db: Pool): Promise<void> {
  await db.query('REFRESH MATERIALIZED VIEW free_rooms')
}

export function roomRoutes(app: FastifyInstance, db: Pool): void {
  app.get('/rooms', async () => {
    const { rows } = await db.query('SELECT room, free_from FROM free_rooms ORDER BY free_from')
    return rows
  })
}

export async function exportRooms(
  client: PoolClient,
  write: (rows: readonly unknown[]) => Promise<void>,
): Promise<void> {
  await client.query('BEGIN')
  await client.query('DECLARE rooms CURSOR FOR SELECT * FROM free_rooms')
  for (;;) {
    const { rows } = await client.query('FETCH 500 FROM rooms')
    if (rows.length === 0) break
    await write(rows)
  }
  await client.query('COMMIT')
}
