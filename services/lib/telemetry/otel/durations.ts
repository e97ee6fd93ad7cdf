import type { Attributes, Histogram, Meter } from '@opentelemetry/api'

import type { SpanStart } from '../telemetry.ts'

/** Seconds, as the conventions of OpenTelemetry advise. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** Only these attributes of a span become attributes of a metric: each of them has few different values. */
const kept = [
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'url.template',
  'db.system.name',
  'db.operation.name',
  'db.collection.name',
  'messaging.system',
  'messaging.destination.name',
  'messaging.operation.name',
  'error.type',
]

/** One histogram per kind of span, with the names of the conventions. */
export function createDurations(meter: Meter) {
  const histogram = (name: string, description: string): Histogram =>
    meter.createHistogram(name, {
      description,
      unit: 's',
      advice: { explicitBucketBoundaries: buckets },
    })
  const server = histogram('http.server.request.duration', 'Duration of HTTP server requests.')
  const client = histogram('http.client.request.duration', 'Duration of HTTP client requests.')
  const database = histogram('db.client.operation.duration', 'Duration of database operations.')
  const sent = histogram('messaging.client.operation.duration', 'Duration of sending a message.')
  const processed = histogram('messaging.process.duration', 'Duration of processing a message.')

  const histogramOf = (kind: SpanStart['kind'], attributes: Attributes): Histogram => {
    if ('db.system.name' in attributes) return database
    return { server, client, producer: sent, consumer: processed }[kind]
  }
  return {
    record(kind: SpanStart['kind'], seconds: number, attributes: Attributes): void {
      const few = Object.fromEntries(
        kept.flatMap((name) => (attributes[name] === undefined ? [] : [[name, attributes[name]]])),
      )
      histogramOf(kind, attributes).record(seconds, few)
    },
  }
}
