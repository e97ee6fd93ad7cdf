import type { Redis } from 'ioredis'
import type { Pool } from 'pg'

interface Printer {
  print(parcel: string): Promise<void>
}

export async function printLabel(db: Pool, redis: Redis, printer: Printer, parcel: string) {
  await db.query("UPDATE parcels SET state = 'printing' WHERE id = $1", [parcel])
  try {
    await printer.print(parcel)
    await db.query("UPDATE parcels SET state = 'done' WHERE id = $1", [parcel])
  } catch (error) {
    console.warn(error)
    await redis.zadd('retries', Date.now() + 60_000, parcel)
  }
}

export async function rebuild(db: Pool, redis: Redis): Promise<void> {
  const { rows } = await db.query(
    "SELECT id FROM parcels WHERE state = 'waiting' AND created_at < now() - interval '1 minute'",
  )
  for (const { id } of rows) {
    await redis.lrem('parcels', 0, id)
    await redis.lpush('parcels', id)
  }
}
