import { Type } from 'typebox'

import { list, Name } from '../schemas/contract-schema.ts'
import { ReleaseSchema, TrapBodySchema, TrapStatusSchema } from '../schemas/trap.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

const id = Type.Object({ id: Name })

export const trapRoutes: Routes = async (app, { controller }) => {
  const { traps } = controller
  app.get(
    '/api/traps',
    {
      schema: {
        summary: 'The traps that are not disarmed',
        response: { 200: list(TrapStatusSchema) },
      },
    },
    () => traps.list(),
  )
  app.post(
    '/api/traps',
    {
      schema: {
        ...tokenRequired,
        summary: 'Arms a trap for one message. The event stream reports what it does.',
        body: TrapBodySchema,
        response: { 201: Type.Object({ id: Type.String() }) },
      },
    },
    async (request, reply) => reply.code(201).send(await traps.arm(request.body)),
  )
  app.delete(
    '/api/traps/:id',
    {
      schema: {
        ...tokenRequired,
        summary: 'Disarms a trap and delivers the message that it holds',
        params: id,
      },
    },
    async (request, reply) => {
      await traps.disarm(request.params.id)
      return reply.code(204).send()
    },
  )
  app.post(
    '/api/traps/:id/release',
    {
      schema: {
        ...tokenRequired,
        summary: 'Releases a held message',
        params: id,
        body: ReleaseSchema,
      },
    },
    async (request, reply) => {
      await traps.release(request.params.id, request.body.then)
      return reply.code(204).send()
    },
  )
}
