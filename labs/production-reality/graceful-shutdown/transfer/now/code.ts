import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'

interface Hotel {
  confirm(room: string, guest: string): Promise<string>
}

export function serve(app: FastifyInstance, db: Pool, hotel: Hotel): void {
  let leaving = false

  app.get('/ready', async (_request, reply) => reply.code(leaving ? 503 : 200).send())

  app.post('/bookings', async (request) => {
    const { room, guest } = request.body as { room: string; guest: string }
    const number = await hotel.confirm(room, guest)
    await db.query('INSERT INTO bookings (number, guest) VALUES ($1, $2)', [number, guest])
    return { number }
  })

  process.once('SIGTERM', async () => {
    leaving = true
    await db.end()
    process.exit(0)
  })
}
