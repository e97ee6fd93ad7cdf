import type { FastifyInstance } from 'fastify'

import { local } from './local.ts'

interface Broker {
  ping(signal: AbortSignal): Promise<void>
  publish(user: string, text: string): Promise<void>
}

export function routes(app: FastifyInstance, broker: Broker): void {
  app.get('/live', async (_request, reply) => {
    try {
      await broker.ping(AbortSignal.timeout(1_000))
      return { live: true }
    } catch {
      return reply.code(503).send({ live: false })
    }
  })

  app.post('/messages', async (request, reply) => {
    const { user, text } = request.body as { user: string; text: string }
    if (local.has(user)) local.send(user, text)
    else await broker.publish(user, text)
    return reply.code(202).send()
  })
}
