import type { FastifyInstance } from 'fastify'

import type { Capacity } from './capacity.ts'
import { reportOf } from './event-log.ts'
import type { EventLog } from './event-log.ts'
import { spendOrRefuse } from './routes.ts'

const pageMax = 100

interface EventsQuery {
  readonly after?: string
  readonly chargeId?: string
}

/**
 * GET /events: what happened to the charges, oldest first, in pages of 100. `after` is the number of
 * the last event of the page before. So a caller that missed a callback can compare.
 */
export function addEventRoutes(app: FastifyInstance, events: EventLog, capacity: Capacity): void {
  app.get<{ Querystring: EventsQuery }>(
    '/events',
    {
      schema: {
        querystring: {
          type: 'object',
          properties: {
            after: { type: 'string', pattern: '^[0-9]{1,10}$' },
            chargeId: { type: 'string', minLength: 1, maxLength: 300 },
          },
        },
      },
    },
    async (request) => {
      await spendOrRefuse(capacity)
      const { after = '0', chargeId } = request.query
      const page = events.list({
        after: Number(after),
        limit: pageMax,
        ...(chargeId === undefined ? {} : { chargeId }),
      })
      return {
        events: page.map((event) => ({ number: event.number, ...reportOf(event) })),
        isLast: page.length < pageMax,
      }
    },
  )
}
