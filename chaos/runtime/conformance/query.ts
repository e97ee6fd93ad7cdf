import { Redis } from 'ioredis'
import { Client } from 'pg'

/** The status of a GET, or `silent` when no response arrives in time. */
export async function queryHttpStatus(url: string, timeoutMs = 5_000): Promise<number | 'silent'> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    await response.arrayBuffer()
    return response.status
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') return 'silent'
    throw error
  }
}

/** The rows of one statement, on a separate connection. */
export async function queryPostgres(connectionString: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

/** The result of one Redis command, on a separate connection. */
export async function queryRedis<T>(url: string, act: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: null })
  try {
    return await act(redis)
  } finally {
    redis.disconnect()
  }
}
