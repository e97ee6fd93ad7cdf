import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/**
 * Plausible: every wait has a limit, and a silent connection costs one customer one error. Fails
 * `restarts-at-most`: a reset is an `error` event, and for an idle connection it is an event of the
 * pool. It has no listener, and in Node that ends the process.
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
