import { TruthCountersSchema } from '../schemas/sandbox.ts'
import type { Routes } from './route.ts'

export const truthRoutes: Routes = async (app, { controller }) => {
  app.get(
    '/api/truth',
    {
      schema: {
        summary: 'Figures of the sources of truth. They agree when the shop is settled.',
        response: { 200: TruthCountersSchema },
      },
    },
    async () => controller.truth(),
  )
}
