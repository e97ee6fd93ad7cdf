import swagger from '@fastify/swagger'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'

import type { Controller } from '../controller.ts'
import { dashboardRoutes } from '../routes/dashboard.ts'
import { eventRoutes } from '../routes/events.ts'
import { faultRoutes } from '../routes/faults.ts'
import { haltRoutes } from '../routes/halt.ts'
import { labRoutes } from '../routes/labs.ts'
import { logRoutes } from '../routes/logs.ts'
import { runRoutes } from '../routes/runs.ts'
import { sandboxRoutes } from '../routes/sandbox.ts'
import { tapRoutes } from '../routes/taps.ts'
import { trafficRoutes } from '../routes/traffic.ts'
import { trapRoutes } from '../routes/traps.ts'
import { truthRoutes } from '../routes/truth.ts'
import { xrayRoutes } from '../routes/xray.ts'
import { guardRequests } from './guard-requests.ts'
import type { RequestGuardOptions } from './guard-requests.ts'
import { handleErrors } from './handle-errors.ts'
import { validatorCompiler } from './validator.ts'

export interface AppOptions extends RequestGuardOptions {
  readonly controller: Controller
  readonly version: string
  /** Folder of the built dashboard; where it is missing a plain page says where to look. */
  readonly dashboardFolder: string
}

/** The controller's HTTP API, not yet listening. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    // Event streams never end by themselves.
    forceCloseConnections: true,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 200 },
  })
  app.setValidatorCompiler(validatorCompiler)
  // The schemas of answers are there for the document; what the controller says goes out whole.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  handleErrors(app)
  guardRequests(app, options)
  await app.register(swagger, { openapi: openapi(options.version) })
  const { controller } = options
  await app.register(sandboxRoutes, { controller })
  await app.register(eventRoutes, { controller })
  await app.register(faultRoutes, { controller })
  await app.register(haltRoutes, { controller })
  await app.register(trafficRoutes, { controller })
  await app.register(trapRoutes, { controller })
  await app.register(tapRoutes, { controller })
  await app.register(truthRoutes, { controller })
  await app.register(logRoutes, { controller })
  await app.register(runRoutes, { controller })
  await app.register(labRoutes, { controller })
  await app.register(xrayRoutes, { controller })
  await app.register(dashboardRoutes, options)
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger())
  await app.ready()
  return app
}

function openapi(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Unhappy Path',
      description: 'The controller of one sandbox. Listens on the local machine only.',
      version,
    },
    components: {
      securitySchemes: { token: { type: 'http' as const, scheme: 'bearer' } },
    },
  }
}
