import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/**
 * Plausible: no statement may take longer than half a second. Must fail availability: it is Postgres that counts, and Postgres
 * that would have to say so. It never got the statement, and on a silent connection nobody hears it. (A transaction that was
 * open it does end, after 3 s, by closing the connection. In the pool nobody listens to that error, and the process is gone.)
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
