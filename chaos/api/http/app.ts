import swagger from '@fastify/swagger'
import { Ajv } from 'ajv'
import Fastify from 'fastify'
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify'

import { systemClock } from '#chaos/lib/clock.ts'

import type { Controller } from '../controller.ts'
import { dashboardRoutes } from '../routes/dashboard.ts'
import { eventRoutes } from '../routes/events.ts'
import { faultRoutes } from '../routes/faults.ts'
import { flowRoutes } from '../routes/flows.ts'
import { gamedayRoutes } from '../routes/gameday.ts'
import { haltRoutes } from '../routes/halt.ts'
import { labCodeRoutes } from '../routes/labs/lab-code.ts'
import { labRoutes } from '../routes/labs/labs.ts'
import { logRoutes } from '../routes/logs.ts'
import { profileRoutes } from '../routes/profiles.ts'
import { runRoutes } from '../routes/runs.ts'
import { sandboxRoutes } from '../routes/sandbox.ts'
import { secretRoutes } from '../routes/secrets.ts'
import { storeRoutes } from '../routes/stores.ts'
import { tapRoutes } from '../routes/taps.ts'
import { trafficRoutes } from '../routes/traffic.ts'
import { trapRoutes } from '../routes/traps.ts'
import { truthRoutes } from '../routes/truth.ts'
import { workshopRoutes } from '../routes/workshop.ts'
import { xrayRoutes } from '../routes/xray.ts'
import { boundNesting } from './bound-nesting.ts'
import { guardRequests } from './guard-requests.ts'
import type { RequestGuardOptions } from './guard-requests.ts'
import {
  handleClientError,
  handleErrors,
  handleExpectation,
  frameworkErrorHandler,
} from './handle-errors.ts'
import { addSecurityHeaders } from './security-headers.ts'
import { createSessions, pageKeyHeader } from './sessions.ts'
import type { Sessions } from './sessions.ts'

export interface AppOptions extends Omit<RequestGuardOptions, 'sessions'> {
  /** Default: none yet, on the system's clock. */
  readonly sessions?: Sessions
  readonly controller: Controller
  readonly version: string
  /** Folder of the built dashboard. Without it, `/` is a plain page. */
  readonly dashboardFolder: string
  /** The path under which a proxy serves this API. A proxy may remove it from requests, or not. Default: `/`. */
  readonly basePath?: string
}

/** The controller's HTTP API. It does not listen yet. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { basePath = '/' } = options
  const app = Fastify({
    rewriteUrl: ({ url = '/' }) => withoutBasePath(url, basePath),
    // Event streams have no end: without this, `close` would wait for them.
    forceCloseConnections: true,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: frameworkErrorHandler(),
    clientErrorHandler: handleClientError,
  })
  // Clients close idle connections. If the server did, a request could meet the close and be lost (ECONNRESET).
  app.server.keepAliveTimeout = 0
  app.setValidatorCompiler(validatorCompiler)
  // Schemas of responses only serve the OpenAPI document: they do not filter fields.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.server.on('checkExpectation', handleExpectation)
  boundNesting(app)
  handleErrors(app)
  addSecurityHeaders(app)
  const { sessions = createSessions(systemClock) } = options
  guardRequests(app, { ...options, sessions })
  await app.register(swagger, { openapi: openapi(options.version) })
  const { controller } = options
  await app.register(sandboxRoutes, { controller })
  await app.register(eventRoutes, { controller })
  await app.register(faultRoutes, { controller })
  await app.register(haltRoutes, { controller })
  await app.register(profileRoutes, { controller })
  await app.register(trafficRoutes, { controller })
  await app.register(trapRoutes, { controller })
  await app.register(tapRoutes, { controller })
  await app.register(truthRoutes, { controller })
  await app.register(storeRoutes, { controller })
  await app.register(logRoutes, { controller })
  await app.register(runRoutes, { controller })
  await app.register(flowRoutes, { controller })
  await app.register(labRoutes, { controller })
  await app.register(labCodeRoutes, { controller })
  await app.register(xrayRoutes, { controller })
  await app.register(workshopRoutes, { controller })
  await app.register(gamedayRoutes, { controller })
  await app.register(secretRoutes, { sessions })
  await app.register(dashboardRoutes, { ...options, basePath, sessions })
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger())
  await app.ready()
  return app
}

function withoutBasePath(url: string, basePath: string): string {
  return url.startsWith(basePath) ? `/${url.slice(basePath.length)}` : url
}

const options = { useDefaults: true, removeAdditional: false, strict: false } as const
/** JSON has types: `"5"` is not a number. */
const bodyValidator = new Ajv({ ...options, coerceTypes: false })
/** Everything in a URL or header is text: `5` is a number. */
const textValidator = new Ajv({ ...options, coerceTypes: true })

const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? bodyValidator : textValidator).compile(schema)

function openapi(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Unhappy Path',
      description: 'The controller of one sandbox. It listens on the local machine only.',
      version,
    },
    components: {
      securitySchemes: {
        token: { type: 'http' as const, scheme: 'bearer' },
        session: {
          type: 'apiKey' as const,
          in: 'cookie',
          name: 'unhappy-session-PORT',
          description: 'GET /?secret=SECRET sets it.',
        },
        pageKey: { type: 'apiKey' as const, in: 'header', name: pageKeyHeader },
      },
    },
    security: [{ token: [] }, { session: [] }],
  }
}
