import { Pool } from 'pg'

import type { DatabasePool } from '#services/lib/seams.ts'

/**
 * Task: when the network works again, the API works again, whatever happened to its connections.
 * Change this file only.
 */
export const databasePool: DatabasePool = (config) =>
  new Pool({
    connectionString: config.url,
    application_name: config.applicationName,
    max: config.connectionsMax,
  })
