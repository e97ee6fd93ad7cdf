import type { FastifyInstance } from 'fastify'
import type { Producer } from 'kafkajs'

interface Call {
  readonly id: string
  readonly lift: string
  readonly at: string
}

export function callRoutes(app: FastifyInstance, producer: Producer): void {
  app.post('/calls', async (request, reply) => {
    const call = request.body as Call
    await producer.send({
      topic: 'alarms',
      acks: 1,
      timeout: 2_000,
      messages: [{ key: call.lift, value: JSON.stringify(call) }],
    })
    return reply.code(202).send({ accepted: call.id })
  })
}
