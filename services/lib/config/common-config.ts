import type { EnvironmentReader } from './environment.ts'
import { readTelemetryConfig } from './telemetry-config.ts'
import type { TelemetryConfig } from './telemetry-config.ts'

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const portMax = 65_535

/** The settings that every service needs. */
export interface CommonConfig {
  readonly instance: string
  readonly host: string
  readonly port: number
  readonly logLevel: (typeof logLevels)[number]
  readonly seams: SeamConfig
  readonly shutdown: ShutdownConfig
  readonly telemetry: TelemetryConfig
}

export interface SeamConfig {
  /** Folder with other versions of seams; undefined: the shop's own everywhere. */
  readonly exerciseDir: string | undefined
  /** Seams that must be in that folder. */
  readonly expected: readonly string[]
}

export interface ShutdownConfig {
  /** How long to keep serving after readiness is false, so load balancers notice it. */
  readonly leaveBalancerMs: number
  /** How long work in progress may take after that. */
  readonly graceMs: number
}

export function readCommonConfig(read: EnvironmentReader, instance: string): CommonConfig {
  return {
    instance: read.text('INSTANCE', instance),
    host: read.text('HOST', '127.0.0.1'),
    port: read.count('PORT', 0, 0, portMax),
    logLevel: read.oneOf('LOG_LEVEL', logLevels, 'info'),
    seams: {
      exerciseDir: read.optional('EXERCISE_DIR'),
      expected: read.list('EXPECTED_SEAMS'),
    },
    shutdown: {
      leaveBalancerMs: read.milliseconds('LEAVE_BALANCER_MS', 500),
      graceMs: read.milliseconds('SHUTDOWN_GRACE_MS', 4_000),
    },
    telemetry: readTelemetryConfig(read),
  }
}
