import { Ajv } from 'ajv'
import Fastify from 'fastify'
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify'

import { boundNesting } from '#chaos/api/http/bound-nesting.ts'
import {
  handleClientError,
  handleErrors,
  handleExpectation,
  frameworkErrorHandler,
} from '#chaos/api/http/handle-errors.ts'
import { addSecurityHeaders } from '#chaos/api/http/security-headers.ts'

import { guardCallers } from './http/callers.ts'
import { createRateLimit } from './http/rate-limit.ts'
import { exportRoutes } from './routes/export-routes.ts'
import { instructorRoutes } from './routes/instructor-routes.ts'
import { memberRoutes } from './routes/member-routes.ts'
import { pageRoutes } from './routes/page-routes.ts'
import { projectorRoutes } from './routes/projector-routes.ts'
import type { RouteParts } from './routes/route.ts'
import { seatRoutes } from './routes/seat-routes.ts'

export interface HostAppOptions extends RouteParts {
  /** Host names, without port, that a request may use. */
  readonly hosts: ReadonlySet<string>
}

const usualRemedy =
  'Use the pages of the host, or unhappy workshop of the same version: they send what it expects.'

/** The HTTP API of a workshop. It does not listen yet. */
export async function createHostApp(options: HostAppOptions): Promise<FastifyInstance> {
  const { workshop, hosts, clock } = options
  const app = Fastify({
    // Event streams have no end: without this, `close` would wait for them.
    forceCloseConnections: true,
    bodyLimit: 128 * 1024,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: frameworkErrorHandler(usualRemedy),
    clientErrorHandler: handleClientError,
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.server.on('checkExpectation', handleExpectation)
  boundNesting(app)
  handleErrors(app, usualRemedy)
  addSecurityHeaders(app)
  // A sandbox sends a few requests at once after it was offline.
  const limit = createRateLimit(clock, { burst: 60, perSecond: 10 })
  guardCallers(app, { workshop, hosts, limit })
  await app.register(memberRoutes, options)
  await app.register(instructorRoutes, options)
  await app.register(projectorRoutes, options)
  await app.register(exportRoutes, options)
  await app.register(pageRoutes, options)
  await app.register(seatRoutes, options)
  await app.ready()
  return app
}

const options = { useDefaults: true, removeAdditional: false, strict: false } as const
/** JSON has types: `"5"` is not a number. */
const bodyValidator = new Ajv({ ...options, coerceTypes: false })
/** Everything in a URL or header is text: `5` is a number. */
const textValidator = new Ajv({ ...options, coerceTypes: true })

const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? bodyValidator : textValidator).compile(schema)
