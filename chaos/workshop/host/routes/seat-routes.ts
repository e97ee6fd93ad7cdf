import { Type } from 'typebox'

import { SeatLinkBodySchema } from '#chaos/contracts/workshop.ts'
import type { SeatLink } from '#chaos/contracts/workshop.ts'

import type { Routes } from './route.ts'
import { seatApiRoutes } from './seat-api-routes.ts'
import { seatPageRoutes } from './seat-page-routes.ts'

const OfSeat = Type.Object({ seat: Type.Integer({ minimum: 1, maximum: 1_000 }) })

export const seatRoutes: Routes = async (app, options) => {
  await app.register(seatPageRoutes, options)
  await app.register(seatApiRoutes, options)
  await app.register(instructing, options)
}

/** What the instructor does with seats. */
const instructing: Routes = async (app, { desk }) => {
  if (desk === undefined) return
  app.post(
    '/api/workshop/seats/:seat/links',
    { schema: { params: OfSeat, body: SeatLinkBodySchema } },
    async ({ params, body }, reply) => {
      const { seat } = desk.require(params.seat)
      const secret = desk.seats.access.issue(seat, body.role)
      const link: SeatLink = { path: `/seats/${seat}/?secret=${secret}` }
      return reply.code(201).send(link)
    },
  )
  app.post(
    '/api/workshop/seats/:seat/restart',
    { schema: { params: OfSeat } },
    async ({ params }, reply) => {
      const seat = desk.require(params.seat)
      if (seat.state === 'ready' || seat.state === 'failed') await seat.sleep('asleep')
      seat.wake().catch(() => undefined)
      return reply.code(204).send()
    },
  )
  app.post(
    '/api/workshop/seats/:seat/free',
    { schema: { params: OfSeat } },
    async ({ params }, reply) => {
      await desk.free(params.seat)
      return reply.code(204).send()
    },
  )
  app.post(
    '/api/workshop/seats/:seat/clear',
    { schema: { params: OfSeat } },
    async ({ params }, reply) => {
      await desk.seats.clear(desk.require(params.seat))
      return reply.code(204).send()
    },
  )
}
