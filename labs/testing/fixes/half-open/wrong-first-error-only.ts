// Breaks: "The end of a connection never ends the process."
// When: a connection is reset (or its session is ended) while an order uses it. pg then emits `error` twice on
// the client: the reset, and "terminated unexpectedly" when the socket closes. `once` hears the first one; the
// second has no listener and the instance exits, with all other requests. Resets of idle connections are fine.
import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

export const databasePool: DatabasePool = (config, log) => {
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
    connectionTimeoutMillis: config.acquireTimeoutMs,
    query_timeout: config.queryTimeoutMs,
    statement_timeout: config.statementTimeoutMs,
    lock_timeout: config.lockTimeoutMs,
    idle_in_transaction_session_timeout: config.idleInTransactionTimeoutMs,
  })
  const lost = (error: Error): void => log.warn({ err: error }, 'lost a database connection')
  pool.on('error', lost)
  // "once": a connection is lost once.
  pool.on('connect', (client) => client.once('error', lost))
  return pool
}
