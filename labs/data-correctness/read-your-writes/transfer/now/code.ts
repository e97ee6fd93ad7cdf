import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'

export function forumRoutes(app: FastifyInstance, primary: Pool, replica: Pool): void {
  app.post('/topics/:topic/posts', async (request, reply) => {
    const { topic } = request.params as { topic: string }
    const { author, text } = request.body as { author: string; text: string }
    await primary.query('INSERT INTO posts (topic, author, text) VALUES ($1, $2, $3)', [
      topic,
      author,
      text,
    ])
    return reply.redirect(`/topics/${topic}`, 303)
  })

  app.get('/topics/:topic', async (request) => {
    const { topic } = request.params as { topic: string }
    const posts = await replica.query(
      'SELECT author, text FROM posts WHERE topic = $1 ORDER BY id',
      [topic],
    )
    return posts.rows
  })
}
