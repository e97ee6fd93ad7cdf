import type { FastifyInstance, FastifyRequest } from 'fastify'

import type { OpenSpan, Telemetry } from '../telemetry/telemetry.ts'
import { parseTraceparent } from '../telemetry/traceparent.ts'

/** Requests of operators and of tools. They come all the time, also while the shop has no customer. */
const untraced = new Set(['/health/live', '/health/ready', '/metrics', '/metrics/stores', '/seams'])

/** A span for each request, as a part of the caller's trace if the request names one. */
export function traceRequests(app: FastifyInstance, telemetry: Telemetry): void {
  if (!telemetry.isOn) return
  const spans = new WeakMap<FastifyRequest, OpenSpan>()
  const inSpan = (request: FastifyRequest, _reply: unknown, done: () => void): void => {
    const span = spans.get(request)
    if (span === undefined) done()
    else span.run(done)
  }
  app.addHook('onRequest', (request, reply, done) => {
    const { url: route } = request.routeOptions
    if (route === undefined || !untraced.has(route)) spans.set(request, begin(request, telemetry))
    inSpan(request, reply, done)
  })
  // The body arrives outside of the span.
  app.addHook('preHandler', inSpan)
  app.addHook('onRequestAbort', async (request) => {
    spans.get(request)?.event('client closed the connection')
  })
  app.addHook('onResponse', async (request, { statusCode }) => {
    spans.get(request)?.end({
      attributes: { 'http.response.status_code': statusCode },
      ...(statusCode < 500 ? {} : { error: String(statusCode) }),
    })
  })
}

function begin(request: FastifyRequest, telemetry: Telemetry): OpenSpan {
  const { method, routeOptions, url, protocol, hostname, port, headers } = request
  const { url: route } = routeOptions
  const key = headers['idempotency-key']
  return telemetry.begin({
    name: route === undefined ? method : `${method} ${route}`,
    kind: 'server',
    parent: parseTraceparent(headers['traceparent']),
    attributes: {
      'http.request.method': method,
      'url.scheme': protocol,
      'url.path': url.split('?')[0] ?? '',
      'server.address': hostname,
      ...(port === null ? {} : { 'server.port': port }),
      ...(route === undefined ? {} : { 'http.route': route }),
      ...(typeof key === 'string' ? { 'shop.idempotency_key': key } : {}),
    },
  })
}
