import { Type } from 'typebox'

import { list } from '../schemas/contract-schema.ts'
import { ReleaseSchema, TrapBodySchema, TrapStatusSchema } from '../schemas/trap.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

const id = Type.Object({ id: Type.String() })

export const trapRoutes: Routes = async (app, { controller }) => {
  const { traps } = controller
  app.get(
    '/api/traps',
    {
      schema: {
        summary: 'Traps since they were armed, until they are disarmed',
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
        summary: 'Arms a trap on one message; what becomes of it is told on the event stream',
        body: TrapBodySchema,
        response: { 201: Type.Object({ id: Type.String() }) },
      },
    },
    async (request, reply) => reply.code(201).send(await traps.arm(request.body)),
  )
  app.delete(
    '/api/traps/:id',
    { schema: { ...tokenRequired, summary: 'Disarms a trap; what it holds goes on', params: id } },
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
        summary: 'Ends a hold',
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
