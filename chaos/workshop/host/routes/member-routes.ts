import { Type } from 'typebox'

import { openEventStreamWriter } from '#chaos/api/http/event-stream.ts'
import { JoinBodySchema, ReportsBodySchema } from '#chaos/contracts/workshop.ts'
import type { HostAlive, Push } from '#chaos/contracts/workshop.ts'

import { learnerOf } from '../http/callers.ts'
import { createRateLimit } from '../http/rate-limit.ts'
import { seatOf } from '../http/seat-sockets.ts'
import { isRightCode } from '../join-workshop.ts'
import type { Routes } from './route.ts'

const learner = { config: { role: 'learner' } } as const
const open = { config: { role: 'public' } } as const

const Query = Type.Object({
  after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
})

export const memberRoutes: Routes = async (app, { workshop, clock, streams, desk }) => {
  /** A class may have one address: only wrong codes count. After too many, the right one waits too, or guessing would go on. */
  const wrongCodes = createRateLimit(clock, { burst: 30, perSecond: 0.5 })
  /** By key. Joining again is an event on the disk, too. */
  const joins = createRateLimit(clock, { burst: 10, perSecond: 0.1 })
  app.get('/api/alive', open, (): HostAlive => {
    const { title, startedAt } = workshop.settings
    return { startedAt, workshop: title }
  })
  app.post('/api/join', { ...open, schema: { body: JoinBodySchema } }, async (request, reply) => {
    const seat = seatOf(request.raw.socket)
    const caller = seat === undefined ? request.ip : `seat ${seat}`
    wrongCodes.require(caller)
    // A seat is always the same learner.
    const key = seat === undefined ? undefined : desk?.memberKeyOf(seat)
    const body = key === undefined ? request.body : { ...request.body, key }
    if (isRightCode(workshop.settings, body)) joins.take(body.key)
    else wrongCodes.take(caller)
    return reply.code(201).send(workshop.join(body))
  })
  app.get('/api/member', learner, (request) => workshop.memberView(learnerOf(request)))
  app.post(
    '/api/member/reports',
    { ...learner, bodyLimit: 4 * 1024 * 1024, schema: { body: ReportsBodySchema } },
    async (request) => ({
      acknowledged: await workshop.report(learnerOf(request), request.body.reports),
    }),
  )
  app.get('/api/member/pushes', { ...learner, schema: { querystring: Query } }, (request) =>
    workshop.pushesOf(learnerOf(request).learner, request.query.after ?? 0),
  )
  app.get(
    '/api/member/stream',
    { ...learner, schema: { querystring: Query } },
    (request, reply) => {
      const id = learnerOf(request).learner
      let send = (_push: Push): void => undefined
      // Refuses before the reply becomes a stream.
      const end = streams.add(id, (push) => send(push))
      const stream = openEventStreamWriter(reply, clock)
      send = (push) => stream.send({ id: push.seq, data: push })
      const last = Number(request.headers['last-event-id'] ?? request.query.after ?? 0)
      for (const push of workshop.pushesOf(id, Number.isSafeInteger(last) ? last : 0)) send(push)
      stream.signal.addEventListener('abort', end, { once: true })
    },
  )
}
