import { Redis } from 'ioredis'

const answerLimitMs = 5_000

/** A connection straight to Redis, past every link. It fails instead of waiting and never resends a command. */
export async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: answerLimitMs,
    commandTimeout: answerLimitMs,
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
