import type { AddressInfo } from 'node:net'

import Fastify from 'fastify'
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'

import type { SeamReport } from '../seam.ts'
import type { Log } from '../start/log.ts'
import { watchEventLoop } from '../start/watch-event-loop.ts'
import { noTelemetry } from '../telemetry/telemetry.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { createErrorAnswer } from './answer-error.ts'
import type { ErrorBody, ExplainError } from './answer-error.ts'
import { createMetrics } from './metrics.ts'
import type { Metrics } from './metrics.ts'
import { traceRequests } from './trace-requests.ts'

export interface HttpServer {
  readonly app: FastifyInstance
  readonly metrics: Metrics
  /** Resolves to the port, which is useful when 0 was requested. */
  listen(): Promise<number>
  /** Sets what /health/ready reports from now on. */
  setReady(ready: boolean): void
  /** Accepts no new connections. Resolves when every request in progress has its response. */
  drain(): Promise<void>
  /** Closes the remaining connections. */
  close(): Promise<void>
}

export interface HttpServerOptions {
  readonly instance: string
  readonly host: string
  readonly port: number
  readonly log: Log
  readonly seams: readonly SeamReport[]
  /** What /health/live reports. */
  readonly isAlive: () => Promise<boolean>
  readonly explainError?: ExplainError
  /** Default: off. */
  readonly telemetry?: Telemetry
}

/**
 * An HTTP server with what every service has: errors, health, metrics and the report of its seams.
 */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { instance, log, telemetry = noTelemetry } = options
  const app = Fastify({
    // The default is 0, which also switches off Node's limit: a slow request body would hold its
    // socket forever.
    requestTimeout: 5_000,
    // The default is 1 MiB. The largest accepted order is far smaller.
    bodyLimit: 512 * 1024,
    // The default is 72 s, and close() waits for it. This is longer than the keep-alive of the
    // callers' pools, so the callers close first.
    keepAliveTimeout: 6_000,
    // The default is true: the server would refuse an order on an open connection although it can
    // still accept it.
    return503OnClosing: false,
    // handlerTimeout stays off: it responds with 503 while the handler continues, and the client's
    // retry doubles the effect.
    // The default puts the whole path into the response, which can be 16 KiB.
    frameworkErrors: refuseAddress,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  })
  traceRequests(app, telemetry)
  const metrics = createMetrics(app, telemetry)
  const requests = countRequests(app)
  let ready = false
  let watching: Disposable | undefined

  app.setErrorHandler(createErrorAnswer(log, options.explainError ?? (() => undefined)))
  app.setNotFoundHandler(async (_request, reply) => {
    await reply
      .code(404)
      .send({ error: 'no-such-route', message: 'No such route.', definite: true })
  })
  app.get('/health/live', async (_request, reply) => {
    const alive = await options.isAlive()
    return await reply.code(alive ? 200 : 503).send({ instance, live: alive })
  })
  app.get('/health/ready', async (_request, reply) => {
    return await reply.code(ready ? 200 : 503).send({ instance, ready })
  })
  app.get('/seams', async () => ({ instance, seams: options.seams }))

  return {
    app,
    metrics,
    async listen() {
      watching = watchEventLoop(log)
      await app.listen({ host: options.host, port: options.port })
      return (app.server.address() as AddressInfo).port
    },
    setReady(value) {
      ready = value
    },
    async drain() {
      requests.sayGoodbye()
      app.server.close()
      app.server.closeIdleConnections()
      await requests.allAnswered()
    },
    async close() {
      watching?.[Symbol.dispose]()
      app.server.closeAllConnections()
      await app.close()
    },
  }
}

function refuseAddress({ statusCode = 400 }: FastifyError, _request: unknown, reply: FastifyReply) {
  void reply.code(statusCode).send({
    error: 'bad-request',
    message: 'The address of the request is not valid: a part is too long or has a wrong %.',
    definite: true,
  } satisfies ErrorBody)
}

function countRequests(app: FastifyInstance) {
  let running = 0
  let leaving = false
  let whenNone = (): void => {}
  const none = new Promise<void>((resolve) => {
    whenNone = resolve
  })
  app.addHook('onRequest', async () => {
    running += 1
  })
  app.addHook('onSend', async (_request, reply) => {
    // Fastify keeps connections alive while it closes, and its close() then waits for them (72 s by
    // default).
    if (leaving) reply.header('connection', 'close')
  })
  const ended = async (): Promise<void> => {
    running -= 1
    if (leaving && running === 0) whenNone()
  }
  app.addHook('onResponse', ended)
  return {
    sayGoodbye: () => {
      leaving = true
      if (running === 0) whenNone()
    },
    allAnswered: async () => await none,
  }
}
