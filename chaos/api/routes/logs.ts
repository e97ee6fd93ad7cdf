import { Type } from 'typebox'

import { logLinesMax } from '#chaos/contracts/max.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { openEventStreamWriter } from '../http/event-stream.ts'
import { Name } from '../schemas/contract-schema.ts'
import type { Routes } from './route.ts'

const Query = Type.Object({
  tail: Type.Integer({
    minimum: 0,
    maximum: logLinesMax,
    default: 100,
    description: 'Number of lines from the end of the log.',
  }),
  follow: Type.Boolean({
    default: false,
    description: 'Send new lines until the client disconnects.',
  }),
})

export const logRoutes: Routes = async (app, { controller }) => {
  app.get(
    '/api/instances/:name/logs',
    {
      schema: {
        summary: 'Lines of the log of an instance, as server-sent events',
        params: Type.Object({ name: Name }),
        querystring: Query,
      },
    },
    async (request, reply) => {
      const ended = new AbortController()
      const iterable = controller.logs(request.params.name, {
        ...request.query,
        signal: ended.signal,
      })
      const lines = iterable[Symbol.asyncIterator]()
      // Read the first line before the headers are sent: an unknown name is a 404.
      let next = request.query.follow ? undefined : await lines.next()
      const stream = openEventStreamWriter(reply, systemClock)
      stream.signal.addEventListener('abort', () => ended.abort())
      try {
        for (next ??= await lines.next(); !next.done; next = await lines.next())
          stream.send({ data: next.value })
      } finally {
        stream.end()
      }
    },
  )
}
