import { Redis } from 'ioredis'

const replyLimitMs = 5_000

/** No process listens there: a replica of it keeps its data and receives nothing. */
export const nowhere = ['127.0.0.1', '1'] as const
/** The store is a primary. */
export const noPrimary = ['NO', 'ONE'] as const

/** Makes the Redis at this URL a replica of that host and port. */
export async function replicate(url: string, primary: readonly [string, string]): Promise<void> {
  await withRedis(url, async (redis) => void (await redis.call('REPLICAOF', ...primary)))
}

/** A direct connection to Redis that uses no link. It fails instead of waiting and never sends a command again. */
export async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: replyLimitMs,
    commandTimeout: replyLimitMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectionName: 'chaos-fault',
  })
  let lost: Error | undefined
  redis.on('error', (error) => {
    lost = error
  })
  try {
    await redis.connect()
    return await work(redis)
  } catch (error) {
    const why = lost === undefined ? '' : ` (${lost.message})`
    throw new Error(`Redis did not do what the fault asked for${why}`, { cause: error })
  } finally {
    redis.disconnect()
  }
}
