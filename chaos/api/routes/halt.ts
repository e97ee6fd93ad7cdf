import { HealReportSchema } from '../schemas/fault.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

export const haltRoutes: Routes = async (app, { controller }) => {
  app.post(
    '/api/halt',
    {
      schema: {
        ...tokenRequired,
        summary: 'Heals every fault, aborts the run and refuses new faults until DELETE /api/halt',
        response: { 200: HealReportSchema },
      },
    },
    async () => controller.faults.halt(),
  )
  app.delete(
    '/api/halt',
    { schema: { ...tokenRequired, summary: 'Accepts faults again' } },
    async (_request, reply) => {
      await controller.faults.lift()
      return reply.code(204).send()
    },
  )
}
