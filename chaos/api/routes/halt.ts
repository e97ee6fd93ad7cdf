import { HealReportSchema } from '../schemas/fault.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

export const haltRoutes: Routes = async (app, { controller }) => {
  app.post(
    '/api/halt',
    {
      schema: {
        ...tokenRequired,
        summary: 'Undoes everything, aborts runs, refuses new faults until lifted',
        response: { 200: HealReportSchema },
      },
    },
    async () => controller.faults.halt(),
  )
  app.delete(
    '/api/halt',
    { schema: { ...tokenRequired, summary: 'Allows faults again' } },
    async (_request, reply) => {
      await controller.faults.lift()
      return reply.code(204).send()
    },
  )
}
