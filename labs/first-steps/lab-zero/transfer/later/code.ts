import type { Redis } from 'ioredis'
import type { Pool } from 'pg'

interface Departure {
  readonly line: string
  readonly leavesAt: string
}

export async function departures(
  db: Pool,
  redis: Redis,
  platform: string,
  report: (error: unknown) => void,
): Promise<readonly Departure[]> {
  const key = `departures:${platform}`
  const copy = await redis.get(key).catch((error: unknown) => {
    report(error)
    return null
  })
  if (copy !== null) return JSON.parse(copy) as Departure[]
  const { rows } = await db.query<Departure>(
    'SELECT line, leaves_at AS "leavesAt" FROM departures WHERE platform = $1 ORDER BY leaves_at',
    [platform],
  )
  redis.set(key, JSON.stringify(rows), 'EX', 30).catch(report)
  return rows
}
