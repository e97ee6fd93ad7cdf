import { Pool } from 'pg'

import type { DatabasePool } from '../seams.ts'

/** A pool that bounds every wait, detects dead connections, and survives them. */
export const databasePool: DatabasePool = (config, log) => {
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    // The default is 10. Times the number of instances, it must stay below the server's
    // max_connections.
    max: config.connectionsMax,
    // The default is 0: with an empty pool or a silent server, a request would wait forever.
    connectionTimeoutMillis: config.acquireTimeoutMs,
    // All three are off by default. The server cancels a statement, a wait for a lock, and an idle
    // transaction.
    statement_timeout: config.statementTimeoutMs,
    lock_timeout: config.lockTimeoutMs,
    idle_in_transaction_session_timeout: config.idleInTransactionTimeoutMs,
    // Off by default, and the only limit that works when the connection is silent and no reply can
    // arrive. It is longer than the server's own limits, so the server reports an error first where
    // it can.
    query_timeout: config.queryTimeoutMs,
    // Off by default: a broken idle connection would stay unnoticed.
    keepAlive: true,
    keepAliveInitialDelayMillis: 1_000,
    // The default is 10 s: after every pause, many new connections would open at once.
    idleTimeoutMillis: 60_000,
    // Unlimited by default: a busy connection would never look up the server's address again.
    maxLifetimeSeconds: 300,
  })
  // Without a listener, the error of an idle connection ends the process.
  pool.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'))
  // The pool does not listen to a connection in use. The waiting query receives the error. Without
  // a listener the error would also end the process, and with it the work of all other connections.
  pool.on('connect', (connection) => {
    connection.on('error', (error) => log.warn({ err: error }, 'database connection lost'))
  })
  return pool
}
