import { randomUUID } from 'node:crypto'

import type { Redis } from 'ioredis'
import type { Pool } from 'pg'

import { release } from './lock.ts'

interface Store {
  put(name: string, text: string): Promise<void>
}

export async function publishLevels(db: Pool, redis: Redis, store: Store): Promise<void> {
  const token = randomUUID()
  const taken = await redis.set('levels:lock', token, 'PX', 20_000, 'NX')
  if (taken === null) return
  try {
    const { rows } = await db.query('SELECT station, level FROM levels ORDER BY station')
    const summary = { at: new Date().toISOString(), levels: rows }
    await store.put('levels.json', JSON.stringify(summary))
  } finally {
    await release(redis, 'levels:lock', token)
  }
}
