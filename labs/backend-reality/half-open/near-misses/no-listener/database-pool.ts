import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/**
 * Plausible: every wait has its limit, and a silent connection costs one customer one error. Must fail restarts-at-most: a
 * connection that is reset is an `error` event, on the pool when it is idle. Nobody listens, and in Node that ends the process.
 */
export const databasePool: DatabasePool = (config) =>
  new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
    connectionTimeoutMillis: config.acquireTimeoutMs,
    statement_timeout: config.statementTimeoutMs,
    lock_timeout: config.lockTimeoutMs,
    idle_in_transaction_session_timeout: config.idleInTransactionTimeoutMs,
    query_timeout: config.queryTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 1_000,
  })
