import {
  ROOT_CONTEXT,
  SeverityNumber,
  SpanKind,
  SpanStatusCode,
  context,
  createContextKey,
  trace,
} from '@opentelemetry/api'
import type { Context, Link, SpanContext } from '@opentelemetry/api'

import type {
  Attributes,
  OpenSpan,
  SpanStart,
  Telemetry,
  TelemetrySource,
  Traceparent,
} from '../telemetry.ts'
import { deliverySpanId } from './delivery-ids.ts'
import { createDurations } from './durations.ts'
import { exportFigure } from './export-figure.ts'
import { openProviders } from './providers.ts'
import type { ExportConfig, Providers } from './providers.ts'
import { tracePostgres } from './trace-postgres.ts'
import { traceRedis } from './trace-redis.ts'

/** Starts the exports, and traces every statement and command that this process sends from now on. */
export async function startOpenTelemetry(
  config: ExportConfig,
  source: TelemetrySource,
): Promise<Telemetry> {
  const providers = openProviders(config, source)
  const telemetry = createTelemetry(providers)
  tracePostgres(telemetry)
  traceRedis(telemetry)
  return telemetry
}

/** The attempts of the active work, by what they are attempts at. */
type Attempts = Map<string, { readonly number: number; readonly span: SpanContext }>
const attemptsKey = createContextKey('attempts')

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
}

const severities = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
}

function createTelemetry(providers: Providers): Telemetry {
  const { logger, meter } = providers
  const begin = createBegin(providers)
  return {
    isOn: true,
    begin,
    async inSpan(start, work) {
      const span = begin(start())
      try {
        const result = await span.run(async () => await work(span))
        span.end()
        return result
      } catch (error) {
        span.end({ error })
        throw error
      }
    },
    traceparent: () => traceparentOf(trace.getSpanContext(context.active())),
    logFields() {
      const span = trace.getSpanContext(context.active())
      return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId }
    },
    log(severity, message, facts) {
      logger.emit({
        severityNumber: severities[severity],
        severityText: severity.toUpperCase(),
        body: message,
        attributes: flatten(facts),
      })
    },
    observe: (figure) => exportFigure(meter, figure),
    close: async () => await providers.close(),
  }
}

function createBegin({ tracer, ids, meter }: Providers) {
  const durations = createDurations(meter)
  return (start: SpanStart): OpenSpan => {
    const { name, kind, parent, delivery, repeats } = start
    const active = context.active()
    const remote = parent === undefined ? undefined : spanContextOf(parent)
    const from = remote === undefined ? active : trace.setSpanContext(ROOT_CONTEXT, remote)
    const retry = retryOf(start, active)
    const links = [...redeliveryOf(delivery, remote), ...repetitionOf(repeats), ...retry.links]
    const attributes: Record<string, string | number | boolean> = {
      ...start.attributes,
      ...retry.attributes,
    }
    const id =
      delivery === undefined || remote === undefined ? undefined : deliverySpanId(remote, delivery)
    const span = ids.withSpanId(id, () =>
      tracer.startSpan(name, { kind: kinds[kind], attributes, links }, from),
    )
    retry.remember(span.spanContext())
    const inside = startsWork(kind)
      ? trace.setSpan(from, span).setValue(attemptsKey, new Map() satisfies Attempts)
      : trace.setSpan(from, span)
    const startedMs = performance.now()
    return {
      run: (callback) => context.with(inside, callback),
      add(more) {
        Object.assign(attributes, more)
        span.setAttributes(more)
      },
      event: (text, more) => void span.addEvent(text, more),
      end({ attributes: more = {}, error } = {}) {
        Object.assign(attributes, more, error === undefined ? {} : { 'error.type': typeOf(error) })
        span.setAttributes(attributes)
        if (error instanceof Error) span.recordException(error)
        if (error !== undefined)
          span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) })
        span.end()
        durations.record(kind, (performance.now() - startedMs) / 1_000, attributes)
      },
    }
  }
}

function startsWork(kind: SpanStart['kind']): boolean {
  return kind === 'server' || kind === 'consumer'
}

/** The delivery before this one has the same parent, so its id is known. */
function redeliveryOf(delivery: number | undefined, message: SpanContext | undefined): Link[] {
  if (delivery === undefined || delivery <= 1 || message === undefined) return []
  const spanId = deliverySpanId(message, delivery - 1)
  return [{ context: { ...message, spanId }, attributes: { 'link.reason': 'previous delivery' } }]
}

/** The span of the first message, even if a kill ended the process before it exported anything. */
function repetitionOf(first: Traceparent | undefined): Link[] {
  if (first === undefined) return []
  return [{ context: spanContextOf(first), attributes: { 'link.reason': 'enqueued again' } }]
}

function retryOf({ attemptAt }: SpanStart, active: Context) {
  const attempts = active.getValue(attemptsKey) as Attempts | undefined
  if (attemptAt === undefined || attempts === undefined)
    return { links: [], attributes: {}, remember: () => undefined }
  const before = attempts.get(attemptAt)
  return {
    links: before
      ? [{ context: before.span, attributes: { 'link.reason': 'previous attempt' } }]
      : [],
    attributes: before ? { 'http.request.resend_count': before.number } : {},
    remember: (span: SpanContext) =>
      void attempts.set(attemptAt, { number: (before?.number ?? 0) + 1, span }),
  }
}

function traceparentOf(span: SpanContext | undefined): Traceparent | undefined {
  if (span === undefined) return undefined
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`
}

function spanContextOf(traceparent: Traceparent): SpanContext {
  const [, traceId = '', spanId = '', flags = '0'] = traceparent.split('-')
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }
}

/** A code where there is one: messages have too many different values. */
function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, kind } = error as { readonly code?: unknown; readonly kind?: unknown }
  return typeof code === 'string' ? code : typeof kind === 'string' ? kind : error.name
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Attributes are texts, numbers and booleans. An error becomes its type and message. */
function flatten(facts: object): Attributes {
  const pairs = Object.entries(facts).flatMap(
    ([name, value]): [string, string | number | boolean][] => {
      if (value === undefined || value === null) return []
      if (value instanceof Error)
        return [
          ['exception.type', value.name],
          ['exception.message', value.message],
        ]
      if (typeof value === 'number' || typeof value === 'boolean') return [[name, value]]
      return [[name, typeof value === 'string' ? value : JSON.stringify(value)]]
    },
  )
  return Object.fromEntries(pairs)
}
