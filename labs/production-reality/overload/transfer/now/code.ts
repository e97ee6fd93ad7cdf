import type { FastifyInstance } from 'fastify'
import pLimit from 'p-limit'
import type { Pool } from 'pg'

interface Solver {
  solve(stops: readonly string[]): Promise<readonly string[]>
}

export function routeRoutes(app: FastifyInstance, db: Pool, solver: Solver): void {
  const solving = pLimit(4)

  app.post('/routes', async (request) => {
    const { driver, stops } = request.body as { driver: string; stops: string[] }
    return await solving(async () => {
      const route = await solver.solve(stops)
      await db.query('INSERT INTO routes (driver, stops) VALUES ($1, $2)', [driver, route])
      return { driver, route }
    })
  })
}
