import type { Database } from '#services/lib/database.ts'

/** A response about an order has this header. The client sends it with its next request about that order. */
export const positionHeader = 'x-position'

/** The position of the primary's write-ahead log: a replica that has replayed it has everything that is committed now. */
export async function currentPosition(primary: Database): Promise<string | undefined> {
  const { rows } = await primary.query<{ position: string }>(
    'SELECT pg_current_wal_lsn()::text AS position',
  )
  return rows[0]?.position
}

/** Whether the text is a position of the write-ahead log. */
export function isPosition(text: string): boolean {
  return /^[\da-f]{1,8}\/[\da-f]{1,8}$/i.test(text)
}
