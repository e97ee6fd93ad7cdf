import { readCommonConfig } from '#services/lib/config/common-config.ts'
import type { CommonConfig } from '#services/lib/config/common-config.ts'
import { readDatabaseConfig } from '#services/lib/config/database-config.ts'
import type { DatabaseConfig } from '#services/lib/config/database-config.ts'
import { readEnvironment } from '#services/lib/config/environment.ts'
import type { Environment, EnvironmentReader } from '#services/lib/config/environment.ts'
import { readPaymentsClientConfig } from '#services/lib/config/payments-client-config.ts'
import type { PaymentsClientConfig } from '#services/lib/config/payments-client-config.ts'
import { readRedisConfig } from '#services/lib/config/redis-config.ts'
import type { RedisConfig } from '#services/lib/config/redis-config.ts'
import { readJobLimits } from '#services/lib/job-limits.ts'
import type { JobLimits } from '#services/lib/job-limits.ts'
import { cacheTtlDefaultMs } from '#services/topology.ts'

import type { AdmissionLimits, AskLimits } from './seams.ts'

export interface ApiConfig extends CommonConfig {
  readonly database: DatabaseConfig
  /** Undefined: the shop runs without a replica. */
  readonly replica: DatabaseConfig | undefined
  readonly redis: RedisConfig
  readonly cacheTtlMs: number
  readonly jobs: JobLimits
  readonly payments: PaymentsClientConfig
  readonly ask: AskLimits
  readonly admission: AdmissionLimits
  /** Undefined: payments does not call back. */
  readonly callbacks: CallbacksConfig | undefined
}

export interface CallbacksConfig {
  /** Shared with payments, which signs its callbacks with it. */
  readonly secret: string
  /** The API compares no events while the interval is 0. */
  readonly compareIntervalMs: number
  /** How old an event must be before it counts as missing. */
  readonly compareAfterMs: number
}

/** Throws {@link StartError} for a value that is missing or not valid. */
export function readApiConfig(environment: Environment): ApiConfig {
  const read = readEnvironment(environment)
  const common = readCommonConfig(read, 'api')
  const database = readDatabaseConfig(read, common.instance)
  const payments = readPaymentsClientConfig(read, 500)
  return {
    ...common,
    database,
    replica: readReplica(read, database),
    redis: readRedisConfig(read, common.instance),
    cacheTtlMs: read.milliseconds('CACHE_TTL_MS', cacheTtlDefaultMs, 1),
    jobs: readJobLimits(read),
    payments,
    ask: {
      attemptsMax: read.count('PAYMENTS_ATTEMPTS_MAX', 3, 1),
      attemptTimeoutMs: payments.timeoutMs,
      deadlineMs: read.milliseconds('PAYMENTS_DEADLINE_MS', 1_200, 1),
      backoffMs: read.milliseconds('PAYMENTS_BACKOFF_MS', 100),
      backoffMaxMs: read.milliseconds('PAYMENTS_BACKOFF_MAX_MS', 1_000),
    },
    admission: {
      // More orders would only wait for a connection in the pool's queue, which never tells a
      // client to come back later.
      runningMax: read.count('ADMISSION_RUNNING_MAX', database.connectionsMax, 1),
      waitingMax: read.count('ADMISSION_WAITING_MAX', 2 * database.connectionsMax),
      waitMaxMs: read.milliseconds('ADMISSION_WAIT_MAX_MS', 300),
    },
    callbacks: readCallbacks(read),
  }
}

/** Short limits: the primary has every order as well. */
function readReplica(read: EnvironmentReader, primary: DatabaseConfig): DatabaseConfig | undefined {
  if (read.optional('POSTGRES_REPLICA_URL') === undefined) return undefined
  const timeoutMs = read.milliseconds('REPLICA_TIMEOUT_MS', 250, 1)
  return {
    ...primary,
    url: read.url('POSTGRES_REPLICA_URL', ['postgres:', 'postgresql:']),
    acquireTimeoutMs: timeoutMs,
    statementTimeoutMs: timeoutMs,
    queryTimeoutMs: timeoutMs,
  }
}

function readCallbacks(read: EnvironmentReader): CallbacksConfig | undefined {
  const secret = read.optional('CALLBACK_SECRET')
  if (secret === undefined) return undefined
  return {
    secret,
    compareIntervalMs: read.milliseconds('COMPARE_EVENTS_INTERVAL_MS', 1_000),
    compareAfterMs: read.milliseconds('COMPARE_EVENTS_AFTER_MS', 5_000),
  }
}
