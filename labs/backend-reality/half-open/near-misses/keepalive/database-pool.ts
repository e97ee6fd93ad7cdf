import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/**
 * Plausible: TCP itself checks whether the other side is alive. Fails `availability`: it probes the
 * other end of the TCP connection, which is alive and responds. Where no end responds, Linux probes
 * nine times, 75 s apart, before it gives up.
 */
export const databasePool: DatabasePool = (config, log) => {
  const pool = new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
    keepAlive: true,
    keepAliveInitialDelayMillis: 500,
  })
  pool.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'))
  return pool
}
