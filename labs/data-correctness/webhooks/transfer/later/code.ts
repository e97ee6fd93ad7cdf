import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'

interface PartnerEvent {
  readonly id: string
  readonly booking: string
  readonly version: number
  readonly state: 'confirmed' | 'moved' | 'cancelled'
}

export function partnerRoutes(app: FastifyInstance, db: Pool): void {
  app.post('/partner-events', async (request, reply) => {
    const { id, booking, state } = request.body as PartnerEvent
    const client = await db.connect()
    try {
      await client.query('BEGIN')
      const added = await client.query(
        'INSERT INTO partner_events (id) VALUES ($1) ON CONFLICT (id) DO NOTHING',
        [id],
      )
      if (added.rowCount === 1)
        await client.query('UPDATE bookings SET state = $2 WHERE id = $1', [booking, state])
      await client.query('COMMIT')
      client.release()
    } catch (error) {
      client.release(true)
      throw error
    }
    return reply.code(200).send()
  })
}
