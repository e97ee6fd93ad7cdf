import { noTelemetry } from './telemetry.ts'
import type { Telemetry } from './telemetry.ts'

export interface TelemetryConfig {
  /** Base address of an OTLP receiver, such as `http://127.0.0.1:4318`. Undefined: telemetry is off. */
  readonly endpoint: string | undefined
  /** How long spans and log lines wait for others, to be exported together. */
  readonly spansAfterMs: number
  readonly metricsEveryMs: number
}

/** What the process is, in everything that it exports. */
export interface TelemetrySource {
  /** `api`: the instances of a service share it. */
  readonly service: string
  /** `api-1` */
  readonly instance: string
}

/** While telemetry is off, none of its packages is imported. */
export async function openTelemetry(
  config: TelemetryConfig,
  source: TelemetrySource,
): Promise<Telemetry> {
  const { endpoint } = config
  if (endpoint === undefined) return noTelemetry
  const { startOpenTelemetry } = await import('./otel/start.ts')
  return await startOpenTelemetry({ ...config, endpoint }, source)
}
