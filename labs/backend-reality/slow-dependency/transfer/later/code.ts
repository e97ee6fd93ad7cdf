import type { Redis } from 'ioredis'
import pLimit from 'p-limit'
import type { Pool } from 'pg'

interface Message {
  readonly id: string
  readonly room: string
  readonly text: string
}

const inProgress = pLimit(6)

async function preview(link: string): Promise<string | null> {
  try {
    const page = await fetch(link, { signal: AbortSignal.timeout(8_000) })
    return /<title>([^<]*)/.exec(await page.text())?.[1] ?? null
  } catch {
    return null
  }
}

export async function post(db: Pool, redis: Redis, message: Message): Promise<void> {
  await inProgress(async () => {
    const link = /https?:\S+/.exec(message.text)?.[0]
    const title = link === undefined ? null : await preview(link)
    await db.query('INSERT INTO messages (id, room, text, title) VALUES ($1, $2, $3, $4)', [
      message.id,
      message.room,
      message.text,
      title,
    ])
    await redis.publish(`room:${message.room}`, JSON.stringify({ ...message, title }))
  })
}
