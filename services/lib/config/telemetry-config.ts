import type { TelemetryConfig } from '../telemetry/telemetry-config.ts'
import type { EnvironmentReader } from './environment.ts'

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
