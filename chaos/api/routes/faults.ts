import { Type } from 'typebox'

import { leaseMaxMs } from '#chaos/contracts/fault.ts'
import { entriesMax, nameLengthMax } from '#chaos/contracts/max.ts'

import { list, Name } from '../schemas/contract-schema.ts'
import { ActiveFaultSchema, HealReportSchema } from '../schemas/fault.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

const FaultRequestSchema = Type.Object(
  {
    kind: Type.String({
      maxLength: nameLengthMax,
      description: 'Kind of the fault, such as latency. GET /api/catalogue lists them.',
    }),
    target: Type.String({
      maxLength: nameLengthMax,
      description: 'A name or a pattern, such as worker-*:payments.',
    }),
    params: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { maxProperties: entriesMax }),
    ),
    leaseMs: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: leaseMaxMs })),
  },
  { additionalProperties: false },
)

export const faultRoutes: Routes = async (app, { controller }) => {
  const { faults } = controller
  app.get(
    '/api/faults',
    { schema: { summary: 'The active faults', response: { 200: list(ActiveFaultSchema) } } },
    () => faults.list(),
  )
  app.post(
    '/api/faults',
    {
      schema: {
        ...tokenRequired,
        summary: 'Injects a fault. It ends with its lease at the latest.',
        body: FaultRequestSchema,
        response: { 201: ActiveFaultSchema },
      },
    },
    async (request, reply) => reply.code(201).send(await faults.inject(request.body)),
  )
  app.delete(
    '/api/faults/:id',
    {
      schema: {
        ...tokenRequired,
        summary: 'Heals one fault',
        params: Type.Object({ id: Name }),
      },
    },
    async (request, reply) => {
      await faults.heal(request.params.id)
      return reply.code(204).send()
    },
  )
  app.delete(
    '/api/faults',
    {
      schema: {
        ...tokenRequired,
        summary: 'Heals every fault',
        response: { 200: HealReportSchema },
      },
    },
    async () => faults.healAll(),
  )
}
