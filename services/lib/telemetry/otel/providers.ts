import { context } from '@opentelemetry/api'
import type { Logger, Meter, Tracer } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

import type { TelemetryConfig } from '../../config/telemetry-config.ts'
import { closeAll } from '../../start/close-all.ts'
import type { TelemetrySource } from '../telemetry.ts'
import { createDeliveryIds } from './delivery-ids.ts'
import type { DeliveryIds } from './delivery-ids.ts'

/** Telemetry that is on. */
export type ExportConfig = TelemetryConfig & { readonly endpoint: string }

export interface Providers {
  readonly tracer: Tracer
  readonly meter: Meter
  readonly logger: Logger
  readonly ids: DeliveryIds
  /** Exports what is left. */
  close(): Promise<void>
}

const scope = 'unhappy-path/shop'
/** The default is 10 s. A receiver that is down costs a request every half a second, no more. */
const timeoutMillis = 2_000

/** Exports traces, metrics and logs over OTLP as JSON. */
export function openProviders(
  { endpoint, spansAfterMs, metricsEveryMs }: ExportConfig,
  { service, instance }: TelemetrySource,
): Providers {
  const urlOf = (signal: string): string => `${endpoint.replace(/\/+$/, '')}/v1/${signal}`
  const resource = resourceFromAttributes({
    'service.name': service,
    'service.namespace': 'shop',
    'service.instance.id': instance,
    'process.pid': process.pid,
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const ids = createDeliveryIds()
  const traces = new TracerProvider({
    resource,
    idGenerator: ids,
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: urlOf('traces'), timeoutMillis }),
        scheduledDelayMillis: spansAfterMs,
      }),
    ],
  })
  const metrics = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({ url: urlOf('metrics'), timeoutMillis }),
        exportIntervalMillis: metricsEveryMs,
        exportTimeoutMillis: Math.min(timeoutMillis, metricsEveryMs),
      }),
    ],
  })
  const logs = new LoggerProvider({
    resource,
    processors: [
      new BatchLogRecordProcessor({
        exporter: new OTLPLogExporter({ url: urlOf('logs'), timeoutMillis }),
        scheduledDelayMillis: spansAfterMs,
      }),
    ],
  })
  return {
    tracer: traces.getTracer(scope),
    meter: metrics.getMeter(scope),
    logger: logs.getLogger(scope),
    ids,
    close: async () => {
      await closeAll([traces, metrics, logs].map((part) => async () => await part.shutdown()))
    },
  }
}
