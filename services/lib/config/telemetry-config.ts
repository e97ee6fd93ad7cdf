import type { EnvironmentReader } from './environment.ts'

export interface TelemetryConfig {
  /** Base address of an OTLP receiver, such as `http://127.0.0.1:4318`. Undefined: telemetry is off. */
  readonly endpoint: string | undefined
  /** How long spans and log lines wait for others, to be exported together. */
  readonly spansAfterMs: number
  readonly metricsEveryMs: number
}

/** The variables have their usual names in OpenTelemetry. */
export function readTelemetryConfig(read: EnvironmentReader): TelemetryConfig {
  const isOn = read.optional('OTEL_EXPORTER_OTLP_ENDPOINT') !== undefined
  return {
    endpoint: isOn ? read.url('OTEL_EXPORTER_OTLP_ENDPOINT', ['http:', 'https:']) : undefined,
    // The default in OpenTelemetry is 5 s. A killed process exports nothing any more, so little may wait.
    spansAfterMs: read.milliseconds('OTEL_BSP_SCHEDULE_DELAY', 500, 1),
    // The default in OpenTelemetry is 60 s: longer than a lab takes.
    metricsEveryMs: read.milliseconds('OTEL_METRIC_EXPORT_INTERVAL', 5_000, 1),
  }
}
