import { Type } from 'typebox'

import { ApiErrorSchema } from '../schemas/contract-schema.ts'
import { partialCountersSchema, truthCountersSchema } from '../schemas/sandbox.ts'
import type { Routes } from './route.ts'

export const truthRoutes: Routes = async (app, { controller }) => {
  app.get(
    '/api/truth',
    {
      schema: {
        summary: 'Figures of the sources of truth. They agree when the shop is settled.',
        response: {
          200: truthCountersSchema(controller.system),
          503: Type.Intersect(
            [ApiErrorSchema, Type.Object({ details: partialCountersSchema(controller.system) })],
            {
              description: 'A source cannot be read. `details` contains what could be read.',
            },
          ),
        },
      },
    },
    async () => controller.truth(),
  )
}
