import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'

interface Doors {
  createCode(guest: string): Promise<string>
}

export function invitationRoutes(app: FastifyInstance, db: Pool, doors: Doors): void {
  app.post('/invitations', async (request) => {
    const { key, guest } = request.body as { key: string; guest: string }
    const stored = await db.query('SELECT response FROM requests WHERE key = $1', [key])
    if (stored.rowCount === 1) return stored.rows[0].response
    const response = { guest, code: await doors.createCode(guest) }
    await db.query(
      'INSERT INTO requests (key, response) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING',
      [key, response],
    )
    return response
  })
}
