import type { FastifyInstance } from 'fastify'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

import { noTelemetry } from '../telemetry/telemetry.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { measureEventLoopLagOnDemand } from './event-loop-lag.ts'

/** The longest period that a timer of Node supports, in milliseconds: 24 days. */
const never = 2 ** 31 - 1

export interface Metrics {
  counter(name: string, help: string, labelNames?: readonly string[]): Counter
  /** Read when a client requests the metrics. */
  gauge(name: string, help: string, read: () => number): void
}

/**
 * Prometheus metrics at /metrics: the process, every request by route and status, and metrics that
 * a service adds. Telemetry exports those too.
 */
export function createMetrics(app: FastifyInstance, telemetry: Telemetry = noTelemetry): Metrics {
  const registry = new Registry()
  // The default precision, 10 ms, wakes an idle process a hundred times a second: 0.4 % of a core.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: never })
  measureEventLoopLagOnDemand(registry)
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to response.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
    }
    requests.observe(labels, reply.elapsedTime / 1_000)
  })
  app.get('/metrics', async (_request, reply) => {
    return await reply.type(registry.contentType).send(await registry.metrics())
  })
  return {
    counter(name, help, labelNames = []) {
      const counter = new Counter({
        name,
        help,
        labelNames: [...labelNames],
        registers: [registry],
      })
      telemetry.observe({
        name,
        help,
        kind: 'counter',
        read: async () =>
          (await counter.get()).values.map(({ value, labels }) => ({
            value,
            attributes: labelsOf(labels),
          })),
      })
      return counter
    },
    gauge(name, help, read) {
      telemetry.observe({
        name,
        help,
        kind: 'gauge',
        read: async () => [{ value: read(), attributes: {} }],
      })
      const gauge: Gauge = new Gauge({
        name,
        help,
        registers: [registry],
        collect: () => gauge.set(read()),
      })
    },
  }
}

function labelsOf(
  labels: Readonly<Record<string, string | number | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]))
}
