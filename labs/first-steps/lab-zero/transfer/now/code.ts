import type { FastifyInstance } from 'fastify'
import type { Redis } from 'ioredis'
import type { Pool } from 'pg'

export function roomRoutes(app: FastifyInstance, db: Pool, redis: Redis): void {
  app.get('/rooms/:id', async (request, reply) => {
    const { id } = request.params as { id: string }
    const { rows } = await db.query('SELECT id, name, seats FROM rooms WHERE id = $1', [id])
    const room = rows[0]
    if (room === undefined) return reply.code(404).send({ error: 'There is no such room.' })
    await redis.zincrby('popular-rooms', 1, id)
    const calendar = `/rooms/${id}/calendar`
    const photo = `/photos/rooms/${id}.jpg`
    return { ...room, calendar, photo }
  })
}
