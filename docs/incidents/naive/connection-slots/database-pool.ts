import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/** A connection for each request, as in a function that starts for each request: nothing stays open. */
export const databasePool: DatabasePool = (config, log) => {
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
    connectionTimeoutMillis: config.acquireTimeoutMs,
    maxUses: 1,
  })
  pool.on('error', (error) => log.warn({ err: error }, 'database connection lost'))
  return pool
}
