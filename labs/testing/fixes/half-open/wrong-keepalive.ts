// WRONG. Breaks: "Every query ends, with a result or with an error, even when no message arrives any more."
// When: an open connection goes silent while a query is on it (the story). TCP keepalive probes only when no sent
// data is unacknowledged, and a middlebox answers the probes; `statement_timeout` is reported on the connection
// where no message arrives. The query never ends and the connection is never returned.

import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

export const databasePool: DatabasePool = (config) => {
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
    // Detect dead connections.
    keepAlive: true,
    keepAliveInitialDelayMillis: 200,
    // Do not keep connections for long.
    idleTimeoutMillis: 1_000,
    maxLifetimeSeconds: 30,
    connectionTimeoutMillis: config.acquireTimeoutMs,
    statement_timeout: config.statementTimeoutMs,
    idle_in_transaction_session_timeout: config.statementTimeoutMs,
  })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
  })
  return pool
}
