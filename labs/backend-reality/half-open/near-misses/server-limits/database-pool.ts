import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/**
 * Plausible: no statement may take longer than half a second. Fails `availability`: Postgres
 * enforces this limit, and it never received the statement. Its error could not reach the API on a
 * silent connection either. (Postgres does end an open transaction after 3 s, by closing the
 * connection. In the pool that error has no listener, and the process ends.)
 */
export const databasePool: DatabasePool = (config, log) => {
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
    statement_timeout: config.statementTimeoutMs,
    lock_timeout: config.lockTimeoutMs,
    idle_in_transaction_session_timeout: config.idleInTransactionTimeoutMs,
  })
  pool.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'))
  return pool
}
