import { Type } from 'typebox'

import { leaseMaxMs } from '#chaos/contracts/fault.ts'

import { Name, list } from '../schemas/contract-schema.ts'
import { TapBodySchema } from '../schemas/trap.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

const id = Type.Object({ id: Name })

export const tapRoutes: Routes = async (app, { controller }) => {
  const { traps } = controller
  app.post(
    '/api/taps',
    {
      schema: {
        ...tokenRequired,
        summary: `Reports exchanges on the event stream, for at most ${leaseMaxMs / 60_000} minutes`,
        body: TapBodySchema,
        response: { 201: Type.Object({ id: Type.String(), links: list(Type.String()) }) },
      },
    },
    async (request, reply) => reply.code(201).send(await traps.tap(request.body)),
  )
  app.delete(
    '/api/taps/:id',
    { schema: { ...tokenRequired, summary: 'Ends a tap', params: id } },
    async (request, reply) => {
      await traps.untap(request.params.id)
      return reply.code(204).send()
    },
  )
}
