import type { FastifyInstance } from 'fastify'

import { freeRooms } from './rooms.ts'

export function watchPartner(partner: string): NodeJS.Timeout {
  let failures = 0
  return setInterval(async () => {
    try {
      const response = await fetch(`${partner}/health`, { signal: AbortSignal.timeout(2_000) })
      failures = response.ok ? 0 : failures + 1
    } catch {
      failures += 1
    }
    if (failures >= 3) {
      console.error('The partner is not reachable. Restarting.')
      process.exit(1)
    }
  }, 10_000)
}

export function routes(app: FastifyInstance, partner: string): void {
  app.get('/rooms', async () => freeRooms())
  app.get('/flights', async () => {
    try {
      const response = await fetch(`${partner}/flights`, { signal: AbortSignal.timeout(2_000) })
      return await response.json()
    } catch {
      return { flights: [], message: 'Try later.' }
    }
  })
}
