import { Type } from 'typebox'

import { secretValidMs } from '../http/sessions.ts'
import type { Sessions } from '../http/sessions.ts'
import { ownerOnly } from './route.ts'
import type { RoutesWith } from './route.ts'

export const secretRoutes: RoutesWith<{ readonly sessions: Sessions }> = async (
  app,
  { sessions },
) => {
  app.post(
    '/api/secrets',
    {
      ...ownerOnly,
      schema: {
        ...ownerOnly.schema,
        summary: 'A secret that opens the dashboard once: GET /?secret=SECRET',
        response: { 201: Type.Object({ secret: Type.String(), expiresInMs: Type.Number() }) },
      },
    },
    async (_request, reply) =>
      reply.code(201).send({ secret: sessions.issueSecret(), expiresInMs: secretValidMs }),
  )
}
