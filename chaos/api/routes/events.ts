import { Type } from 'typebox'

import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { nameLengthMax } from '#chaos/contracts/max.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { openEventStreamWriter } from '../http/event-stream.ts'
import { withoutStory } from '../runs/run-for-page.ts'
import type { Routes } from './route.ts'

const Query = Type.Object({
  types: Type.Optional(
    Type.String({
      maxLength: nameLengthMax,
      description: 'Only events of these types, such as fault,run.',
    }),
  ),
  run: Type.Optional(
    Type.String({ maxLength: nameLengthMax, description: 'Only events of this run.' }),
  ),
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Only events after this number. The header Last-Event-ID overrides it.',
    }),
  ),
})

export const eventRoutes: Routes = async (app, { controller }) => {
  app.get(
    '/api/events',
    {
      schema: {
        summary: 'All events of the sandbox as server-sent events. Continue with Last-Event-ID.',
        querystring: Query,
      },
    },
    (request, reply) => {
      const { events } = controller
      const { types, run, after } = request.query
      const wanted = types === undefined ? undefined : new Set(types.split(','))
      const passes = (event: SandboxEvent): boolean =>
        (wanted === undefined || wanted.has(event.type)) && (run === undefined || event.run === run)
      const isPage = request.caller === 'page'
      const stream = openEventStreamWriter(reply, systemClock)
      const last = Number(request.headers['last-event-id'] ?? after ?? events.lastSeq)
      // A higher number is from an earlier controller: send all events.
      const from = Number.isSafeInteger(last) && last <= events.lastSeq ? last : 0
      const send = (event: SandboxEvent): void => {
        if (passes(event))
          stream.send({ id: event.seq, data: isPage ? withoutStory(event) : event })
      }
      for (const event of events.since(from)) send(event)
      const end = events.subscribe(send)
      stream.signal.addEventListener('abort', end, { once: true })
    },
  )
}
