import { setTimeout as sleep } from 'node:timers/promises'

import type { Client } from 'pg'

const lockNotAvailable = '55P03'

export async function migrate(client: Client): Promise<void> {
  await client.query("SET lock_timeout = '100ms'")
  for (;;) {
    try {
      await client.query('ALTER TABLE messages ADD COLUMN IF NOT EXISTS pinned_at timestamptz')
      break
    } catch (error) {
      if ((error as { code?: string }).code !== lockNotAvailable) throw error
      await sleep(2_000)
    }
  }
  await client.query('SET lock_timeout = 0')
  await client.query('DROP INDEX CONCURRENTLY IF EXISTS messages_pinned')
  await client.query(
    'CREATE INDEX CONCURRENTLY messages_pinned ON messages (room) WHERE pinned_at IS NOT NULL',
  )
}
