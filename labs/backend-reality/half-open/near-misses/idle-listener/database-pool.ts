import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/**
 * Plausible: every wait has its limit, and the pool has the listener that pg's documentation asks for. Must fail
 * restarts-at-most: the pool listens to a connection while it is idle. Of one that is lent out the event has no listener:
 * whoever waits for its answer gets the error, and then the process ends.
 */
export const databasePool: DatabasePool = (config, log) => {
  const pool = new Pool({
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
  pool.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'))
  return pool
}
