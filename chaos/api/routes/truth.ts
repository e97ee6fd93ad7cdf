import { TruthCountersSchema } from '../schemas/sandbox.ts'
import type { Routes } from './route.ts'

export const truthRoutes: Routes = async (app, { controller }) => {
  app.get(
    '/api/truth',
    {
      schema: {
        summary: 'The sources of truth in figures that agree when the shop is quiet',
        response: { 200: TruthCountersSchema },
      },
    },
    async () => controller.truth(),
  )
}
