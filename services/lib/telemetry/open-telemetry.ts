import type { TelemetryConfig } from '../config/telemetry-config.ts'
import { noTelemetry } from './telemetry.ts'
import type { Telemetry, TelemetrySource } from './telemetry.ts'

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
