import { trafficRatesSchema } from '../schemas/sandbox.ts'
import { tokenRequired } from './route.ts'
import type { Routes } from './route.ts'

export const trafficRoutes: Routes = async (app, { controller }) => {
  const rates = trafficRatesSchema(controller.system)
  app.put(
    '/api/traffic',
    {
      schema: {
        ...tokenRequired,
        summary: 'Starts traffic outside of runs, at these rates. Replaces earlier traffic.',
        body: rates,
        response: { 200: rates },
      },
    },
    async (request) => controller.traffic.start(request.body),
  )
  app.delete(
    '/api/traffic',
    { schema: { ...tokenRequired, summary: 'Stops the traffic' } },
    async (_request, reply) => {
      await controller.traffic.stop()
      return reply.code(204).send()
    },
  )
}
