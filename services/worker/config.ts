import { readSafetyNetsOff } from '#services/database/safety-nets.ts'
import type { SafetyNetName } from '#services/database/safety-nets.ts'
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

import { readMigration } from './migrations/orders-channel.ts'
import type { OrdersChannel } from './migrations/orders-channel.ts'
import type { OrderWorkerConfig } from './queue/order-worker.ts'

export interface WorkerConfig extends CommonConfig {
  readonly database: DatabaseConfig
  readonly redis: RedisConfig
  readonly payments: PaymentsClientConfig
  readonly jobs: JobLimits
  readonly orderWorker: OrderWorkerConfig
  readonly outboxPollMs: number
  readonly reconcile: { readonly intervalMs: number; readonly afterMs: number }
  /** Paid orders are not compared with payments' books while the interval is 0. */
  readonly comparePaid: { readonly intervalMs: number; readonly afterMs: number }
  /** The worker publishes no price list while the interval is 0. */
  readonly prices: {
    readonly intervalMs: number
    readonly editionMs: number
    readonly lockMs: number
  }
  /** Runs once after the start, while the shop is open. */
  readonly migration: OrdersChannel | undefined
  readonly netsOff: ReadonlySet<SafetyNetName>
}

/** Throws StartError for a value that is missing or not valid. */
export function readWorkerConfig(environment: Environment): WorkerConfig {
  const read = readEnvironment(environment)
  const common = readCommonConfig(read, 'worker')
  const redis = readRedisConfig(read, common.instance)
  return {
    ...common,
    database: readDatabaseConfig(read, common.instance),
    redis,
    payments: readPaymentsClientConfig(read, 1_000),
    jobs: readJobLimits(read),
    orderWorker: readOrderWorkerConfig(read, redis),
    outboxPollMs: read.milliseconds('OUTBOX_POLL_MS', 100, 1),
    reconcile: {
      intervalMs: read.milliseconds('RECONCILE_INTERVAL_MS', 1_000, 1),
      afterMs: read.milliseconds('RECONCILE_AFTER_MS', 5_000, 1),
    },
    comparePaid: {
      intervalMs: read.milliseconds('COMPARE_PAID_INTERVAL_MS', 5_000),
      afterMs: read.milliseconds('COMPARE_PAID_AFTER_MS', 60_000),
    },
    prices: {
      intervalMs: read.milliseconds('PRICES_INTERVAL_MS', 0),
      editionMs: read.milliseconds('PRICES_EDITION_MS', 500, 1),
      lockMs: read.milliseconds('PRICES_LOCK_MS', 1_000, 1),
    },
    migration: readMigration(read.text('MIGRATION', 'none')),
    netsOff: readSafetyNetsOff(read.list('NETS_OFF')),
  }
}

function readOrderWorkerConfig(read: EnvironmentReader, redis: RedisConfig): OrderWorkerConfig {
  return {
    redis,
    concurrency: read.count('WORKER_CONCURRENCY', 8, 1),
    lockMs: read.milliseconds('JOB_LOCK_MS', 2_000, 100),
    stalledIntervalMs: read.milliseconds('JOB_STALLED_INTERVAL_MS', 1_000, 100),
    stalledMax: read.count('JOB_STALLED_MAX', 20),
    backoffMaxMs: read.milliseconds('JOB_BACKOFF_MAX_MS', 3_000),
  }
}
