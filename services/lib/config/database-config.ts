import type { EnvironmentReader } from './environment.ts'

export interface DatabaseConfig {
  readonly url: string
  /** Shown in pg_stat_activity, and stored with every status of an order. */
  readonly applicationName: string
  readonly connectionsMax: number
  /** How long a request waits for a free connection, or for a new connection to open. */
  readonly acquireTimeoutMs: number
  /** How long a statement may wait for a lock that another transaction holds. */
  readonly lockTimeoutMs: number
  /** When the server cancels a statement. */
  readonly statementTimeoutMs: number
  /**
   * When the client stops waiting for the reply: the only one of these limits that works on a
   * silent connection.
   */
  readonly queryTimeoutMs: number
  /** When the server ends a transaction whose client is silent. */
  readonly idleInTransactionTimeoutMs: number
}

export function readDatabaseConfig(read: EnvironmentReader, instance: string): DatabaseConfig {
  return {
    url: read.url('DATABASE_URL', ['postgres:', 'postgresql:']),
    applicationName: instance,
    connectionsMax: read.count('DATABASE_POOL_MAX', 10, 1),
    acquireTimeoutMs: read.milliseconds('DATABASE_ACQUIRE_TIMEOUT_MS', 1_000),
    lockTimeoutMs: read.milliseconds('DATABASE_LOCK_TIMEOUT_MS', 600),
    statementTimeoutMs: read.milliseconds('DATABASE_STATEMENT_TIMEOUT_MS', 800),
    queryTimeoutMs: read.milliseconds('DATABASE_QUERY_TIMEOUT_MS', 1_000),
    idleInTransactionTimeoutMs: read.milliseconds('DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS', 3_000),
  }
}
