import type { Database } from './database.ts'

/** The time of the database. */
export interface DatabaseClock {
  /** Reads the time of the database once. {@link nowMs} needs it. */
  synchronize(): Promise<void>
  /** Milliseconds since 1970. Throws before the first {@link synchronize}. */
  nowMs(): number
}

/**
 * A clock on which all instances agree: their own clocks may differ or jump. It reads the time of the database once and
 * counts on with the monotonic clock, which does not jump.
 */
export function createDatabaseClock(
  database: Pick<Database, 'query'>,
  monotonicMs: () => number,
): DatabaseClock {
  let offsetMs: number | undefined
  return {
    async synchronize() {
      if (offsetMs !== undefined) return
      const { rows } = await database.query<{ ms: number }>(
        'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
      )
      const [row] = rows
      if (row !== undefined) offsetMs = row.ms - monotonicMs()
    },
    nowMs() {
      if (offsetMs === undefined) throw new Error('The time of the database is not known yet.')
      return offsetMs + monotonicMs()
    },
  }
}
