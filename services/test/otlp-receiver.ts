import type { IncomingMessage, ServerResponse } from 'node:http'

import { createParser, jsonOf } from '#services/lib/parsing/parser.ts'

import { serveHttp } from './serve-http.ts'
import type { TestServer } from './serve-http.ts'

type Values = Readonly<Record<string, string | number | boolean>>

export interface ReceivedSpan {
  readonly service: string
  readonly instance: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly name: string
  /** 2: server, 3: client, 4: producer, 5: consumer. */
  readonly kind: number
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Values
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly events: readonly { readonly name: string; readonly attributes: Values }[]
  readonly isError: boolean
}

export interface ReceivedLog {
  readonly service: string
  readonly severity: string
  readonly message: string
  readonly traceId: string | undefined
}

export interface OtlpReceiver extends TestServer {
  readonly spans: readonly ReceivedSpan[]
  readonly logs: readonly ReceivedLog[]
  /** Names of the metrics, by service. */
  readonly metrics: ReadonlyMap<string, ReadonlySet<string>>
}

const text = { type: 'string' }
const attributes = {
  type: 'array',
  items: {
    type: 'object',
    required: ['key', 'value'],
    properties: { key: text, value: { type: 'object' } },
  },
}
const list = (properties: object, required: readonly string[] = []) => ({
  type: 'array',
  items: { type: 'object', required, properties },
})
const resource = { type: 'object', required: ['attributes'], properties: { attributes } }
const id = (bytes: number) => ({ type: 'string', pattern: `^[0-9a-f]{${2 * bytes}}$` })
const nanoseconds = { type: 'string', pattern: '^[0-9]{19}$' }

interface Attribute {
  readonly key: string
  readonly value: {
    readonly stringValue?: string
    readonly intValue?: number | string
    readonly doubleValue?: number
    readonly boolValue?: boolean
  }
}

interface Resource {
  readonly resource: { readonly attributes: readonly Attribute[] }
}

interface WireSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly Attribute[]
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly events?: readonly { readonly name: string; readonly attributes: readonly Attribute[] }[]
  readonly status?: { readonly code?: number }
}

/** What OTLP/JSON prescribes: ids are hexadecimal, times are nanoseconds as text. */
const parseTraces = createParser<{
  readonly resourceSpans: readonly (Resource & {
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[]
  })[]
}>({
  type: 'object',
  required: ['resourceSpans'],
  properties: {
    resourceSpans: list(
      {
        resource,
        scopeSpans: list(
          {
            spans: list(
              {
                traceId: id(16),
                spanId: id(8),
                parentSpanId: id(8),
                name: text,
                kind: { type: 'integer', minimum: 1, maximum: 5 },
                startTimeUnixNano: nanoseconds,
                endTimeUnixNano: nanoseconds,
                attributes,
                links: list({ traceId: id(16), spanId: id(8) }, ['traceId', 'spanId']),
                events: list({ name: text, attributes }, ['name', 'attributes']),
                status: { type: 'object', properties: { code: { type: 'integer' } } },
              },
              [
                'traceId',
                'spanId',
                'name',
                'kind',
                'startTimeUnixNano',
                'endTimeUnixNano',
                'attributes',
              ],
            ),
          },
          ['spans'],
        ),
      },
      ['resource', 'scopeSpans'],
    ),
  },
})

const parseMetrics = createParser<{
  readonly resourceMetrics: readonly (Resource & {
    readonly scopeMetrics: readonly { readonly metrics: readonly { readonly name: string }[] }[]
  })[]
}>({
  type: 'object',
  required: ['resourceMetrics'],
  properties: {
    resourceMetrics: list(
      { resource, scopeMetrics: list({ metrics: list({ name: text }, ['name']) }, ['metrics']) },
      ['resource', 'scopeMetrics'],
    ),
  },
})

const parseLogs = createParser<{
  readonly resourceLogs: readonly (Resource & {
    readonly scopeLogs: readonly {
      readonly logRecords: readonly {
        readonly severityText: string
        readonly body: { readonly stringValue: string }
        readonly traceId?: string
      }[]
    }[]
  })[]
}>({
  type: 'object',
  required: ['resourceLogs'],
  properties: {
    resourceLogs: list(
      {
        resource,
        scopeLogs: list(
          {
            logRecords: list(
              {
                severityText: text,
                body: {
                  type: 'object',
                  required: ['stringValue'],
                  properties: { stringValue: text },
                },
                traceId: id(16),
              },
              ['severityText', 'body'],
            ),
          },
          ['logRecords'],
        ),
      },
      ['resource', 'scopeLogs'],
    ),
  },
})

/** Receives and decodes OTLP as JSON over HTTP, as a collector does. A request that is not OTLP receives 400. */
export async function openOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  const logs: ReceivedLog[] = []
  const metrics = new Map<string, Set<string>>()

  function receive(path: string | undefined, body: unknown): boolean {
    if (path === '/v1/traces') return receiveTraces(parseTraces(body), spans)
    if (path === '/v1/metrics') {
      const parsed = parseMetrics(body)
      for (const { resource: from, scopeMetrics } of parsed?.resourceMetrics ?? []) {
        const { service } = sourceOf(from)
        const names = metrics.get(service) ?? new Set()
        for (const scope of scopeMetrics) for (const { name } of scope.metrics) names.add(name)
        metrics.set(service, names)
      }
      return parsed !== undefined
    }
    const parsed = path === '/v1/logs' ? parseLogs(body) : undefined
    for (const { resource: from, scopeLogs } of parsed?.resourceLogs ?? [])
      for (const { logRecords } of scopeLogs)
        for (const { severityText, body: line, traceId } of logRecords) {
          const { service } = sourceOf(from)
          logs.push({ service, severity: severityText, message: line.stringValue, traceId })
        }
    return parsed !== undefined
  }
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = Buffer.concat(await request.toArray()).toString()
    const isJson = request.headers['content-type'] === 'application/json'
    const isReceived = isJson && receive(request.url, jsonOf(sent))
    response.writeHead(isReceived ? 200 : 400, { 'content-type': 'application/json' }).end('{}')
  }
  const server = await serveHttp((request, response) => void answer(request, response))
  return { ...server, spans, logs, metrics }
}

function receiveTraces(parsed: ReturnType<typeof parseTraces>, spans: ReceivedSpan[]): boolean {
  for (const { resource: from, scopeSpans } of parsed?.resourceSpans ?? [])
    for (const scope of scopeSpans)
      for (const span of scope.spans)
        spans.push({
          ...sourceOf(from),
          traceId: span.traceId,
          spanId: span.spanId,
          parentSpanId: span.parentSpanId,
          name: span.name,
          kind: span.kind,
          startMs: Number(span.startTimeUnixNano) / 1e6,
          endMs: Number(span.endTimeUnixNano) / 1e6,
          attributes: valuesOf(span.attributes),
          links: span.links ?? [],
          events: (span.events ?? []).map((event) => ({
            name: event.name,
            attributes: valuesOf(event.attributes),
          })),
          isError: span.status?.code === 2,
        })
  return parsed !== undefined
}

function sourceOf(from: Resource['resource']): { service: string; instance: string } {
  const values = valuesOf(from.attributes)
  return {
    service: String(values['service.name']),
    instance: String(values['service.instance.id']),
  }
}

function valuesOf(given: readonly Attribute[]): Values {
  return Object.fromEntries(
    given.flatMap(({ key, value }) => {
      const { stringValue, intValue, doubleValue, boolValue } = value
      const found =
        stringValue ??
        doubleValue ??
        boolValue ??
        (intValue === undefined ? undefined : Number(intValue))
      return found === undefined ? [] : [[key, found]]
    }),
  )
}
