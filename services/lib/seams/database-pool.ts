import { Pool } from 'pg'

import type { DatabasePool } from '../seams.ts'

/** A pool that bounds every wait, finds out about dead connections, and outlives them. */
export const databasePool: DatabasePool = (config, log) => {
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    // 10 by default. Times the number of instances it must stay below the server's max_connections.
    max: config.connectionsMax,
    // 0 by default: whoever finds the pool empty, or the server silent, would wait for ever.
    connectionTimeoutMillis: config.acquireTimeoutMs,
    // All three are off by default. The server gives up a statement, a wait for a lock, a transaction left open.
    statement_timeout: config.statementTimeoutMs,
    lock_timeout: config.lockTimeoutMs,
    idle_in_transaction_session_timeout: config.idleInTransactionTimeoutMs,
    // Off by default, and the only one that helps when the connection is silent and no answer can come. Longer than the
    // server's own limits, so that it says no first where it can.
    query_timeout: config.queryTimeoutMs,
    // Off by default: nobody would notice that an idle connection leads nowhere any more.
    keepAlive: true,
    keepAliveInitialDelayMillis: 1_000,
    // 10 s by default: every quiet moment would be followed by a crowd of new connections.
    idleTimeoutMillis: 60_000,
    // For ever by default: a busy connection would never look up the server's address again.
    maxLifetimeSeconds: 300,
  })
  // Without a listener the error of an idle connection ends the process.
  pool.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'))
  // The pool does not listen to a connection that is in use. Whoever waits for its answer gets the error; without a listener
  // it would also end the process, with everything that the other connections are doing.
  pool.on('connect', (connection) => {
    connection.on('error', (error) => log.warn({ err: error }, 'database connection lost'))
  })
  return pool
}
