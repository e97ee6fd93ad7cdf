import type { ServiceName } from '#services/topology.ts'

import type { CommonConfig } from '../config/common-config.ts'
import { openTelemetry } from '../telemetry/open-telemetry.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { createLog } from './log.ts'
import type { Log } from './log.ts'

/** What a service reports about itself: lines of its log, and telemetry if it is on. */
export async function openLog(
  service: ServiceName,
  { instance, logLevel, telemetry: config }: CommonConfig,
): Promise<{ readonly log: Log; readonly telemetry: Telemetry }> {
  const telemetry = await openTelemetry(config, { service, instance })
  return { telemetry, log: createLog(instance, logLevel, telemetry) }
}
