import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import type { Attributes } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, RandomIdGenerator, TracerProvider } from '@opentelemetry/sdk-trace'

/** A span that is complete when it is sent. */
export interface SentSpan {
  readonly name: string
  readonly kind: 'client' | 'internal'
  /** Milliseconds since 1970. */
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Attributes
  /** Absent: a trace of its own. */
  readonly place?: {
    readonly traceId: string
    /** Absent: any. */
    readonly spanId?: string
    /** Absent: the span is the first of its trace. */
    readonly parentSpanId?: string
  }
  readonly events?: readonly {
    readonly name: string
    readonly atMs: number
    readonly attributes: Attributes
  }[]
  /** Why it failed. Absent: it did not. */
  readonly error?: string
}

export interface SpanSender extends AsyncDisposable {
  send(span: SentSpan): void
}

const exportAfterMs = 500
const timeoutMillis = 2_000

/** Sends spans over OTLP, as JSON. */
export function createSpanSender(
  endpoint: string,
  source: { readonly service: string; readonly sandbox: number },
): SpanSender {
  const random = new RandomIdGenerator()
  let next: { traceId?: string | undefined; spanId?: string | undefined } = {}
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': source.service,
      'service.instance.id': `sandbox-${source.sandbox}`,
    }),
    idGenerator: {
      generateTraceId: () => next.traceId ?? random.generateTraceId(),
      generateSpanId: () => next.spanId ?? random.generateSpanId(),
    },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({
          url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
          timeoutMillis,
        }),
        scheduledDelayMillis: exportAfterMs,
      }),
    ],
  })
  const tracer = provider.getTracer('unhappy-path/chaos')
  return {
    send({ name, kind, startMs, endMs, attributes, place, events = [], error }) {
      const parent =
        place?.parentSpanId === undefined
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, {
              traceId: place.traceId,
              spanId: place.parentSpanId,
              traceFlags: TraceFlags.SAMPLED,
            })
      next = place ?? {}
      const span = tracer.startSpan(
        name,
        {
          kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
          startTime: startMs,
          attributes,
        },
        parent,
      )
      next = {}
      for (const event of events) span.addEvent(event.name, event.attributes, event.atMs)
      if (error !== undefined) {
        span.setAttribute('error.type', error)
        span.setStatus({ code: SpanStatusCode.ERROR, message: error })
      }
      span.end(Math.max(startMs, endMs))
    },
    // It rejects if the receiver is down. The sandbox ends in order without its last spans.
    [Symbol.asyncDispose]: async () => await provider.shutdown().catch(() => undefined),
  }
}
